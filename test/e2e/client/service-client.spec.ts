import { once } from 'node:events';
import { readdirSync, rmdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ServiceRefusal, ServiceUnreachable } from '../../../src/client/client-failures';
import { ServiceClient } from '../../../src/client/service-client';
import type { ServicePlace } from '../../../src/client/service-place';
import { findService } from '../../../src/cli/find-service';
import { BuiltServer, scratchFolder } from '../../support/built-server';

interface Filed {
  readonly task_id: string;
  readonly status: string;
}

const TASK = { work_directory: '/srv/project', prompt: 'write the release notes' };

describe('the client of a running service', () => {
  let server: BuiltServer;
  let client: ServiceClient;

  beforeAll(async () => {
    server = await BuiltServer.start();
  });

  afterEach(() => client.close());
  afterAll(() => server.dispose());

  const reach = (place: ServicePlace | null): ServiceClient => {
    if (place === null) throw new Error('no service was found');
    client = new ServiceClient(place);
    return client;
  };

  it('finds the owner of the file through its socket, and needs no key there', async () => {
    const place = await findService({ env: {}, cwd: server.folder });

    expect(place).toEqual({ kind: 'socket', path: server.line.socket });
    expect(await reach(place).ask<Filed>('POST', '/api/v1/tasks', { body: TASK })).toMatchObject({
      status: 'waiting',
    });
  });

  it('goes to the address that it is given, with the key', async () => {
    const env = { TASK_ORCHESTRATOR_URL: `${server.url}/`, TASK_ORCHESTRATOR_API_KEY: server.key };
    const asked = reach(await findService({ env, cwd: '/' }));

    const { task_id } = await asked.ask<Filed>('POST', '/api/v1/tasks', { body: TASK });
    expect(await asked.ask<Filed>('GET', `/api/v1/tasks/${task_id}`)).toMatchObject({ task_id });
  });

  it('tells a refusal with its code, its details and its status', async () => {
    const asked = reach({ kind: 'url', url: server.url, apiKey: null });

    const refusal = await asked.ask('GET', '/api/v1/tasks').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ServiceRefusal);
    expect(refusal).toMatchObject({ status: 401, code: 'UNAUTHORIZED', retryAfterSeconds: null });
  });

  it('reads a stream until it is told to stop', async () => {
    const asked = reach(await findService({ env: {}, cwd: server.folder }));
    const stop = new AbortController();
    const stream = await asked.open('/api/v1/events?after=0', { signal: stop.signal });

    const [first] = (await once(stream, 'data')) as [Buffer];
    expect(first.toString()).toContain('task.created');
    const ended = once(stream, 'error');
    stop.abort();
    expect(await ended).toEqual([expect.objectContaining({ message: 'aborted' })]);
  });
});

describe('the client of a service that is away', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(answer: RequestListener): Promise<ServiceClient> {
    const server = createServer(answer);
    servers.push(server);
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new ServiceClient({ kind: 'url', url: `http://127.0.0.1:${port}`, apiKey: 'secret-of-somebody' });
  }

  const failureOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);

  it('says so, and never the key', async () => {
    const client = await serve((request) => request.socket.destroy());

    const failure = await failureOf(client.ask('GET', '/api/v1/tasks'));
    expect(failure).toBeInstanceOf(ServiceUnreachable);
    expect(String(failure)).not.toContain('secret-of-somebody');
  });

  it('ends its wait', async () => {
    const client = await serve(() => undefined);

    expect(await failureOf(client.send('GET', '/', { timeoutMs: 50 }))).toBeInstanceOf(ServiceUnreachable);
  });

  it('ends with the reason of whoever gave up', async () => {
    const client = await serve(() => undefined);
    const reason = new Error('not needed any more');

    expect(await failureOf(client.send('GET', '/', { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('takes the words of a proxy for what they are', async () => {
    const client = await serve((_, response) =>
      response.writeHead(502, { 'retry-after': '7' }).end('<html>'),
    );

    expect(await failureOf(client.ask('GET', '/'))).toMatchObject({
      status: 502,
      code: 'HTTP_502',
      retryAfterSeconds: 7,
    });
  });
});

describe('finding a service', () => {
  it('finds none where nobody serves the file, and leaves nothing behind', async () => {
    const folder = scratchFolder();
    const env = { DATABASE_URL: 'sqlite:///nobody/tasks.db' };

    expect(await findService({ env, cwd: folder })).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    rmdirSync(folder);
  });

  it('is not misled by what a killed owner has left', async () => {
    const server = await BuiltServer.start();
    await server.kill('SIGKILL');

    expect(await findService({ env: {}, cwd: server.folder })).toBeNull();
    await server.dispose();
  });

  it.each(['ftp://a.example', 'somewhere', 'http://user@a.example', 'http://a.example/?key=x'])(
    'refuses %s as an address',
    async (url) => {
      const context = { env: { TASK_ORCHESTRATOR_URL: url }, cwd: join('/', 'nowhere') };
      await expect(findService(context)).rejects.toThrow('TASK_ORCHESTRATOR_URL');
    },
  );
});
