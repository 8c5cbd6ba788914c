import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LocalSocket } from './local-socket';

describe('LocalSocket', () => {
  let folder: string;
  let servers: Server[];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sock-')));
    servers = [];
  });

  afterEach(() => {
    servers.forEach((server) => server.close());
    rmSync(folder, { recursive: true });
  });

  async function listenOn(socket: LocalSocket | null): Promise<Server> {
    const server = createServer((_, response) => response.end('here'));
    servers.push(server);
    await socket?.listen(server);
    return server;
  }

  async function ask(socketPath: string): Promise<string> {
    const [response] = (await once(get({ socketPath, agent: false }), 'response')) as [IncomingMessage];
    return text(response);
  }

  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('answers beside the database, to its owner only', async () => {
    const socket = LocalSocket.beside(join(folder, 'tasks.db'), null);
    await listenOn(socket);

    expect(socket?.path).toBe(join(folder, 'tasks.db.sock'));
    expect(modeOf(join(folder, 'tasks.db.sock'))).toBe(0o600);
    expect(await ask(join(folder, 'tasks.db.sock'))).toBe('here');
  });

  it('leaves the mode of later files alone', async () => {
    writeFileSync(join(folder, 'before'), '');
    await listenOn(LocalSocket.beside(join(folder, 'tasks.db'), null));
    writeFileSync(join(folder, 'after'), '');

    expect(modeOf(join(folder, 'after'))).toBe(modeOf(join(folder, 'before')));
  });

  it('replaces a socket that was left behind', async () => {
    const database = join(folder, 'tasks.db');
    const left = await listenOn(LocalSocket.beside(database, null));
    const socket = LocalSocket.beside(database, null);
    await listenOn(socket);
    left.unref();

    expect(await ask(socket?.path ?? '')).toBe('here');
  });

  it('refuses to replace anything else', () => {
    writeFileSync(join(folder, 'tasks.db.sock'), 'mine');

    expect(() => LocalSocket.beside(join(folder, 'tasks.db'), null)).toThrow(/tasks\.db\.sock is in the way/);
  });

  describe('when the path is longer than the kernel takes', () => {
    const deep = (): string => {
      const path = join(folder, 'd'.repeat(120));
      mkdirSync(path, { recursive: true });
      return join(path, 'tasks.db');
    };

    it('answers in a folder of its own that only the owner can enter', async () => {
      const socket = LocalSocket.beside(deep(), null);
      await listenOn(socket);
      const path = socket?.path ?? '';

      expect(dirname(dirname(path))).toBe(tmpdir());
      expect(modeOf(dirname(path))).toBe(0o700);
      expect(modeOf(path)).toBe(0o600);
      expect(await ask(path)).toBe('here');

      socket?.remove();
      expect(existsSync(dirname(path))).toBe(false);
    });

    it('removes the folder that a killed owner has left', async () => {
      const left = LocalSocket.beside(deep(), null);
      await listenOn(left);
      LocalSocket.beside(deep(), left?.path ?? null)?.remove();

      expect(existsSync(dirname(left?.path ?? ''))).toBe(false);
    });

    it('removes nothing else, whatever the record of an owner says', () => {
      const precious = join(folder, 'task-orchestrator-sock-abcdef');
      mkdirSync(precious);
      writeFileSync(join(precious, 'api.sock'), 'not a socket');

      LocalSocket.beside(deep(), join(precious, 'api.sock'))?.remove();

      expect(readdirSync(precious)).toEqual(['api.sock']);
    });
  });

  it('measures the path in bytes: exactly 107 are taken on Linux', async () => {
    const limit = process.platform === 'linux' ? 107 : 103;
    const rest = limit - Buffer.byteLength(join(folder, 'é.sock'));
    const fitting = LocalSocket.beside(join(folder, `é${'x'.repeat(rest)}`), null);
    await listenOn(fitting);
    const longer = LocalSocket.beside(join(folder, `é${'x'.repeat(rest + 1)}`), null);

    expect(Buffer.byteLength(fitting?.path ?? '')).toBe(limit);
    expect(await ask(fitting?.path ?? '')).toBe('here');
    expect(dirname(longer?.path ?? '')).not.toBe(folder);
    longer?.remove();
  });
});
