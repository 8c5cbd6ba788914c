import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { RequestDrain } from './request-drain';

/** A server whose answers leave when the test says so, except on /at-once. */
class PatientServer {
  readonly drain = new RequestDrain();
  readonly waiting: ServerResponse[] = [];
  readonly listener: Server;

  constructor() {
    this.listener = createServer((request, response) => {
      if (request.url === '/at-once') response.end('now');
      else this.waiting.push(response);
    });
    this.drain.watch(this.listener);
  }

  async listen(): Promise<void> {
    this.listener.listen(0, '127.0.0.1');
    await once(this.listener, 'listening');
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Waits until so many requests have arrived. */
  async arrived(count: number): Promise<void> {
    while (this.waiting.length < count) await once(this.listener, 'request');
  }

  answer(): void {
    this.waiting.splice(0).forEach((response) => response.end('late'));
  }

  close(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }
}

describe('RequestDrain', () => {
  let server: PatientServer;
  let agent: Agent;

  beforeEach(async () => {
    server = new PatientServer();
    agent = new Agent({ keepAlive: true });
    await server.listen();
  });

  afterEach(() => {
    agent.destroy();
    server.close();
  });

  async function ask(
    path: string,
    port = server.port,
  ): Promise<{ body: string; connection: string | undefined }> {
    const [response] = (await once(get({ port, path, agent }), 'response')) as [IncomingMessage];
    return { body: await text(response), connection: response.headers.connection };
  }

  async function socketTo(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  it('ends at once when nobody is connected', async () => {
    await expect(server.drain.drain()).resolves.toBeUndefined();
  });

  it('answers what runs, as the last thing on its connection', async () => {
    const answers = [ask('/a?secret=1'), ask('/b')];
    await server.arrived(2);
    const drained = server.drain.drain();

    expect([...server.drain.unanswered].sort()).toEqual(['GET /a', 'GET /b']);
    server.answer();

    expect(await Promise.all(answers)).toEqual([
      { body: 'late', connection: 'close' },
      { body: 'late', connection: 'close' },
    ]);
    await drained;
    expect(server.drain.unanswered).toEqual([]);
  });

  it('answers a request on a connection that was kept alive, and closes it', async () => {
    expect(await ask('/at-once')).toEqual({ body: 'now', connection: 'keep-alive' });
    const { port } = server;
    const drained = server.drain.drain();

    expect(await ask('/at-once', port)).toEqual({ body: 'now', connection: 'close' });
    await drained;
  });

  it('takes no new connection', async () => {
    const { port } = server;
    await server.drain.drain();

    await expect(socketTo(port)).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each([
    ['rests', ''],
    ['has sent half a request', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  ])('does not wait for a connection that %s', async (_, sent) => {
    const socket = await socketTo(server.port);
    socket.write(sent);
    const closed = once(socket, 'close');

    await server.drain.drain();

    await expect(closed).resolves.toBeDefined();
  });

  it('waits for every server that it watches', async () => {
    const other = new PatientServer();
    await other.listen();
    server.drain.watch(other.listener);
    const answer = ask('/other', other.port);
    await other.arrived(1);
    const drained = server.drain.drain();
    other.answer();

    expect(await answer).toMatchObject({ body: 'late' });
    await drained;
  });

  it('forgets a request whose caller has hung up', async () => {
    const socket = await socketTo(server.port);
    socket.write('GET /gone HTTP/1.1\r\nHost: a\r\n\r\n');
    await server.arrived(1);
    const drained = server.drain.drain();
    socket.destroy();

    await drained;
    expect(server.drain.unanswered).toEqual([]);
  });
});
