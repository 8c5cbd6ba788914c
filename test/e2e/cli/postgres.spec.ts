import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, runToEnd, scratchFolder } from '../../support/built-server';
import { startPostgres, type TestPostgres } from '../../support/postgres';

describe('the service on PostgreSQL', () => {
  let postgres: TestPostgres;
  let DATABASE_URL: string;
  let folder: string;

  beforeAll(async () => (postgres = await startPostgres()), 120_000);
  afterAll(() => postgres.stop());

  beforeEach(async () => {
    folder = scratchFolder();
    DATABASE_URL = await postgres.createDatabase();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps tasks over a restart, and its key in the working directory; it has no lock and no socket', async () => {
    const server = await BuiltServer.start({ DATABASE_URL }, folder);
    try {
      const created = await server.request('/api/v1/tasks', {
        json: { work_directory: '/srv/a', prompt: 'Stay.' },
      });
      await server.restart();
      const listed = await server.request('/api/v1/tasks');

      expect(created.status).toBe(201);
      expect(await listed.text()).toContain('"Stay."');
      expect(readdirSync(join(folder, 'data'))).toEqual(['admin.key']);
      expect(statSync(join(folder, 'data/admin.key')).mode & 0o777).toBe(0o600);
      expect(server.line.socket).toBeUndefined();
      expect(server.line.database).toMatch(/^postgres:\/\/\*\*\*@127\.0\.0\.1:\d+\/test_\d+$/);
      expect(server.logs()).not.toContain(DATABASE_URL);
      expect(await server.stop()).toEqual({ code: 0, signal: null });
    } finally {
      await server.dispose();
    }
  });

  it('makes one admin key for instances that start at the same time in one folder', async () => {
    const starts = await Promise.allSettled([1, 2].map(() => BuiltServer.start({ DATABASE_URL }, folder)));
    const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    try {
      const answers = await Promise.all(servers.map((server) => server.request('/api/v1/tasks')));

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(readdirSync(join(folder, 'data'))).toEqual(['admin.key']);
    } finally {
      await Promise.all(servers.map((server) => server.dispose()));
    }
  });

  it('has its schema brought up to date by the command line', async () => {
    const first = await runToEnd(folder, ['migrate'], { DATABASE_URL });
    const second = await runToEnd(folder, ['migrate'], { DATABASE_URL });

    expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/: ran \w+/), errors: '' });
    expect(second).toMatchObject({ code: 0, output: expect.stringMatching(/nothing to do/) });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});
