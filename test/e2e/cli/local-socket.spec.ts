import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BuiltServer, scratchFolder } from '../../support/built-server';

describe('the Unix socket beside the database', () => {
  let server: BuiltServer;

  afterEach(() => server.dispose());

  async function ask(
    socketPath: string,
    path: string,
    headers = {},
  ): Promise<{ status: number | undefined; body: string }> {
    const sent = get({ socketPath, path, headers, agent: false });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: await text(response) };
  }

  const socket = (): string => server.line.socket ?? '';

  it('answers the operator without a key, and nobody else can open it', async () => {
    server = await BuiltServer.start();

    expect(await ask(socket(), '/api/v1/tasks')).toMatchObject({ status: 200 });
    expect(statSync(socket()).mode & 0o777).toBe(0o600);
  });

  it('gives nobody that right who comes over TCP, whatever he says', async () => {
    server = await BuiltServer.start();
    const claims = { 'x-forwarded-for': 'unix', forwarded: 'for=unix', host: 'localhost', 'x-real-ip': '' };

    expect((await fetch(`${server.url}/api/v1/tasks`, { headers: claims })).status).toBe(401);
  });

  it('lets the operator in when MAX_CONNECTIONS are there already', async () => {
    server = await BuiltServer.start({ MAX_CONNECTIONS: '1' });
    const port = Number(new URL(server.url).port);
    const only = connect(port, '127.0.0.1');
    await once(only, 'connect');
    const beyond = connect(port, '127.0.0.1');

    expect(await once(beyond, 'close')).toBeDefined();
    expect(await ask(socket(), '/api/v1/tasks')).toMatchObject({ status: 200 });
    only.destroy();
  });

  it('is gone after a stop, and there again after SIGKILL and a start', async () => {
    server = await BuiltServer.start();
    await server.kill('SIGKILL');
    await server.restart();
    expect(await ask(socket(), '/api/v1/tasks')).toMatchObject({ status: 200 });
    const path = socket();
    await server.stop();

    expect(existsSync(path)).toBe(false);
  });

  it('moves to a short path when its own would be too long', async () => {
    const folder = scratchFolder();
    const long = join(folder, 'x'.repeat(100));
    mkdirSync(long);
    try {
      server = await BuiltServer.start({}, long);
      const path = socket();

      expect(path.startsWith(folder)).toBe(false);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      expect(await ask(path, '/api/v1/tasks')).toMatchObject({ status: 200 });
      await server.stop();
      expect(existsSync(dirname(path))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
