import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describeSettings } from '@task/infrastructure';
import { runToEnd, scratchFolder, type Environment, type Finished } from '../../support/built-server';

describe('the command line', () => {
  let folder: string;

  beforeEach(() => (folder = scratchFolder()));
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], env?: Environment): Promise<Finished> => runToEnd(folder, args, env);

  it.each([['version'], ['--version']])('prints the version at %s', async (argument) => {
    expect(await run([argument])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      errors: '',
    });
  });

  it('prints the commands and every setting at --help', async () => {
    const { code, output } = await run(['--help']);

    expect(code).toBe(0);
    for (const told of [
      'serve',
      'migrate',
      'encrypt',
      'rekey',
      'decrypt',
      'config',
      'version',
      ...describeSettings().map(({ name }) => name),
    ]) {
      expect(output).toContain(told);
    }
  });

  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['--frobnicate'], "unknown option '--frobnicate'"],
    [['serve', '--frobnicate'], "unknown option '--frobnicate'"],
    [['migrate', 'now'], 'too many arguments'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, output, errors } = await run(args);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names everything that is wrong with the settings, without the secrets, before it touches anything', async () => {
    writeFileSync(join(folder, 'conf.toml'), '[server]\nprot = 1\n');
    const { code, output, errors } = await run(['serve'], {
      CONFIG_FILE: 'conf.toml',
      SERVER_PORT: '99999',
      LOG_LEVEL: 'loud',
      API_SECRET_KEY: 'hunter2',
    });

    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('SERVER_PORT: 99999 is not allowed; it takes a whole number from 0 to 65535');
    expect(errors).toContain('LOG_LEVEL: "loud" is not allowed; it takes one of fatal');
    expect(errors).toContain('API_SECRET_KEY: *** is not allowed');
    expect(errors).toMatch(
      /server\.prot in .*conf\.toml: there is no such setting; \[server] takes host, port/,
    );
    expect(errors).not.toContain('hunter2');
    expect(readdirSync(folder)).toEqual(['conf.toml']);
  });

  it('refuses to serve everybody without keys', async () => {
    const { code, errors } = await run(['serve'], { SERVER_HOST: '0.0.0.0', ENABLE_AUTH: 'false' });

    expect(code).toBe(1);
    expect(errors).toContain('ALLOW_INSECURE=true');
  });

  it('brings the schema up to date once, and says what it did', async () => {
    const database = join(folder, 'data/tasks.db');
    const first = await run(['migrate']);
    const second = await run(['migrate']);

    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output).toMatch(new RegExp(`^${database}: ran \\w+`));
    expect(second).toMatchObject({
      code: 0,
      output: `${database}: nothing to do, the schema is up to date\n`,
    });
    expect(existsSync(`${database}.owner.json`)).toBe(false);
  });

  it('says which database cannot be used, and why, without its password', async () => {
    const { code, errors } = await run(['migrate'], {
      DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/tasks',
    });

    expect(code).toBe(1);
    expect(errors).toMatch(
      /^task-orchestrator: cannot use the database postgres:\/\/\*\*\*@127\.0\.0\.1:1\/tasks: .*ECONNREFUSED/,
    );
    expect(errors).not.toContain('hunter2');
  });

  it('says that a file is no database', async () => {
    writeFileSync(join(folder, 'notes.db'), 'These are notes, and not a database. '.repeat(100));

    const { code, errors } = await run(['serve'], { DATABASE_URL: 'sqlite:///notes.db' });

    expect(code).toBe(1);
    expect(errors).toMatch(/cannot use the database .*notes\.db: it is encrypted, or no SQLite file/);
    expect(readdirSync(folder).sort()).toEqual(['notes.db', 'notes.db.lock']);
  });

  describe('when its port is taken', () => {
    let other: Server;

    beforeEach(async () => {
      other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
    });

    afterEach(() => other.close());

    it('says so, and leaves nothing open', async () => {
      const { port } = other.address() as AddressInfo;
      const { code, errors } = await run(['serve'], { SERVER_PORT: String(port) });

      expect(code).toBe(1);
      expect(errors).toBe(
        `task-orchestrator: port ${port} on 127.0.0.1 is in use by another program; set SERVER_PORT to a free one\n`,
      );
      expect(readdirSync(join(folder, 'data')).sort()).toEqual(['admin.key', 'tasks.db', 'tasks.db.lock']);
    });
  });
});
