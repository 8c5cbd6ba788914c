import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, type Finished } from '../../support/built-server';
import { useBuiltServer } from '../../support/use-built-server';

const ENV = {
  API_SECRET_KEY: 'to_backup-and-restore',
  ...{ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' },
};
/** Fewer than a page shows. */
const MOST_DURING = 900;

describe('task-orchestrator backup and restore', () => {
  const here = useBuiltServer(ENV);

  const run = (...args: readonly string[]): Promise<Finished> => here.run(args);
  const create = async (service: BuiltServer, prompt: string): Promise<void> => {
    const json = { work_directory: '/srv/project', prompt };
    expect((await service.request('/api/v1/tasks', { json })).status).toBe(201);
  };
  const prompts = async (service: BuiltServer): Promise<readonly string[]> => {
    const answer = await service.request('/api/v1/tasks?limit=1000&sort_by=created_at&sort_order=asc');
    const { data } = (await answer.json()) as { data: { tasks: readonly { prompt: string }[] } };
    return data.tasks.map(({ prompt }) => prompt);
  };

  it('keep what was acknowledged until then, though the service goes on', async () => {
    const service = await here.start();
    await create(service, 'before the backup');
    const work = { isOver: false };
    const backup = run('backup', 'tasks.backup').finally(() => (work.isOver = true));
    let during = 0;
    while (!work.isOver && during < MOST_DURING) {
      await create(service, `during it ${during}`);
      during += 1;
    }
    expect(await backup).toMatchObject({
      code: 0,
      output: expect.stringMatching(/tasks\.db: backed up to .*tasks\.backup, \d+ bytes\n$/),
      errors: 'backup: 0 %\nbackup: 100 %\n',
    });
    expect(statSync(join(here.path, 'tasks.backup')).mode & 0o777).toBe(0o600);
    await create(service, 'after it');
    await service.stop();

    const restored = await run('restore', 'tasks.backup');
    expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/kept as .*before-restore/) });
    await service.restart();
    const [first, ...rest] = await prompts(service);
    expect(first).toBe('before the backup');
    expect(rest.length).toBeLessThanOrEqual(during);
    expect(rest).toEqual(rest.map((_, index) => `during it ${index}`));
    await create(service, 'life goes on');
    expect((await prompts(service)).at(-1)).toBe('life goes on');
  });

  it('refuse what would harm', async () => {
    const service = await here.start();
    expect(await run('backup', 'tasks.backup')).toMatchObject({ code: 0 });
    const again = await run('backup', 'tasks.backup');
    expect(again).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/there already; nothing was written/),
    });
    const owned = await run('restore', 'tasks.backup');
    expect(owned).toMatchObject({ code: 1, errors: expect.stringMatching(/is in use by process \d+/) });
    await service.stop();
    expect(await run('restore', 'data/admin.key')).toMatchObject({ code: 1 });
    expect(await run('restore', '--force', 'tasks.backup')).toMatchObject({ code: 0 });
    expect(readdirSync(join(here.path, 'data')).filter((name) => name.includes('restor'))).toEqual([]);
  });

  it('name what PostgreSQL has in their place', async () => {
    const env = { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/tasks' };
    for (const [command = '', instead] of [
      ['backup', /use pg_dump of PostgreSQL/],
      ['restore', /use pg_restore or psql of PostgreSQL/],
    ] as const) {
      const { code, errors } = await here.run([command, 'x'], env);
      expect([code, errors]).toEqual([1, expect.stringMatching(instead)]);
      expect(errors).not.toContain('secret');
    }
    expect(existsSync(join(here.path, 'x'))).toBe(false);
  });
});
