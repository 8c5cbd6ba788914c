import { once } from 'node:events';
import { Agent, get, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { BuiltServer, type Environment } from '../../support/built-server';
import { eventually } from '../../support/eventually';

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

const TASK = JSON.stringify({ work_directory: '/srv/a', prompt: 'Finish what you began.' });

describe('a graceful stop', () => {
  let server: BuiltServer;
  let agent: Agent;

  beforeEach(() => {
    agent = new Agent({ keepAlive: true });
  });

  afterEach(async () => {
    agent.destroy();
    await server.dispose();
  });

  const start = async (env?: Environment): Promise<BuiltServer> => (server = await BuiltServer.start(env));

  const authorised = (): Record<string, string> => ({
    authorization: `Bearer ${server.key}`,
    'content-type': 'application/json',
  });

  async function answerTo(sent: ClientRequest): Promise<Answer> {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const { statusCode: status, headers } = response;
    return { status, connection: headers.connection, body: await text(response) };
  }

  /** A creation of which the service has half the body, so that it runs until the test sends the rest. */
  async function beginCreate(): Promise<{ readonly answer: Promise<Answer>; finish(): void }> {
    const headers = { ...authorised(), 'content-length': Buffer.byteLength(TASK), expect: '100-continue' };
    const sent = request(`${server.url}/api/v1/tasks`, { method: 'POST', headers, agent });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.write(TASK.slice(0, 20));
    return { answer: answerTo(sent), finish: () => sent.end(TASK.slice(20)) };
  }

  const stopping = (): Promise<true> =>
    eventually(() => Promise.resolve(server.logs().includes('"msg":"stopping') ? true : null));

  it('answers running requests and keeps what they did', async () => {
    await start();
    const creations = await Promise.all(Array.from({ length: 5 }, beginCreate));
    server.signal('SIGTERM');
    await stopping();
    creations.forEach(({ finish }) => finish());

    for (const { answer } of creations)
      expect(await answer).toMatchObject({ status: 201, connection: 'close' });
    expect(await server.end()).toEqual({ code: 0, signal: null });
    await server.restart();
    const listed = (await (await server.request('/api/v1/tasks')).json()) as {
      data: { pagination: { total: number } };
    };
    expect(listed.data.pagination.total).toBe(5);
  });

  it('is not held up by connections that rest, or that have never sent anything', async () => {
    await start();
    await answerTo(get(`${server.url}/health/live`, { agent }));
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(silent, 'connect');

    // Whoever is held up until the grace is over ends with another code.
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    silent.destroy();
  });

  it('says that it is not ready, on a connection that was kept alive, and closes it', async () => {
    await start();
    const creation = await beginCreate();
    const { url } = server;
    expect(await answerTo(get(`${url}/health/ready`, { agent }))).toMatchObject({
      status: 200,
      connection: 'keep-alive',
    });
    server.signal('SIGTERM');
    await stopping();

    expect(await answerTo(get(`${url}/health/ready`, { agent }))).toMatchObject({
      status: 503,
      connection: 'close',
    });
    await expect(fetch(url)).rejects.toThrow();
    creation.finish();
    expect(await creation.answer).toMatchObject({ status: 201 });
    expect(await server.end()).toMatchObject({ code: 0 });
  });

  it('loses no request of clients that never pause', async () => {
    await start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    const { url } = server;
    const headers = authorised();
    const statuses: (number | undefined)[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      const own = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let connection: string | undefined = 'keep-alive'; connection === 'keep-alive';) {
        const sent = request(`${url}/api/v1/tasks`, { method: 'POST', headers, agent: own }).end(TASK);
        const answer = await answerTo(sent);
        statuses.push(answer.status);
        connection = answer.connection;
      }
      own.destroy();
    });
    await eventually(() => Promise.resolve(statuses.length > 200 ? true : null));
    server.signal('SIGTERM');
    await Promise.all(clients);

    expect(await server.end()).toEqual({ code: 0, signal: null });
    expect(new Set(statuses)).toEqual(new Set([201]));
    await server.restart();
    const listed = (await (await server.request('/api/v1/tasks')).json()) as {
      data: { pagination: { total: number } };
    };
    expect(listed.data.pagination.total).toBe(statuses.length);
  });

  it('is forced with code 1 when its time is over, and says what was still running', async () => {
    await start({ SHUTDOWN_GRACE_SECONDS: '0.5' });
    const { answer } = await beginCreate();
    const cut = expect(answer).rejects.toThrow();

    expect(await server.stop()).toEqual({ code: 1, signal: null });
    await cut;
    expect(server.logs()).toContain('"running":["POST /api/v1/tasks"]');
    await server.restart();
  });

  it('is over at once at the second signal', async () => {
    await start();
    const { answer } = await beginCreate();
    const cut = expect(answer).rejects.toThrow();
    server.signal('SIGINT');
    await stopping();

    expect(await server.kill('SIGINT')).toEqual({ code: 1, signal: null });
    await cut;
    expect(server.logs()).toContain('"msg":"stopped at once"');
  });
});
