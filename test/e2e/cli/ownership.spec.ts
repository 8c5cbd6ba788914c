import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, runToEnd, scratchFolder } from '../../support/built-server';

describe('a file of tasks', () => {
  let servers: BuiltServer[];

  beforeEach(() => (servers = []));

  afterEach(async () => {
    for (const server of servers) await server.dispose();
  });

  async function start(folder?: string): Promise<BuiltServer> {
    const server = await BuiltServer.start({}, folder);
    servers.push(server);
    return server;
  }

  it('is refused to a second service, which says who has it', async () => {
    const owner = await start();
    const second = await runToEnd(owner.folder, ['serve']);

    expect(second.code).toBe(1);
    expect(second.output).toBe('');
    expect(second.errors).toContain('data/tasks.db is in use by ');
    expect(second.errors).toContain(`process ${owner.pid} on `);
    expect(second.errors).toContain(owner.url);
    expect((await owner.request('/api/v1/tasks')).status).toBe(200);
  });

  it('is refused under another name too', async () => {
    const owner = await start();
    symlinkSync('data', join(owner.folder, 'also-data'));
    symlinkSync('data/tasks.db', join(owner.folder, 'link.db'));

    for (const DATABASE_URL of ['sqlite:///also-data/tasks.db', 'sqlite:///link.db']) {
      const second = await runToEnd(owner.folder, ['serve'], { DATABASE_URL });
      expect(second).toMatchObject({ code: 1, errors: expect.stringContaining(`process ${owner.pid} on `) });
    }
  });

  it('is not migrated under a running service', async () => {
    const owner = await start();

    expect(await runToEnd(owner.folder, ['migrate'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`process ${owner.pid} on `),
    });
  });

  it('is free at once when its owner was killed, and what was left behind does not matter', async () => {
    const owner = await start();
    await owner.request('/api/v1/tasks', { json: { work_directory: '/srv/a', prompt: 'Survive this.' } });
    const ended = await owner.kill('SIGKILL');
    await owner.restart();

    expect(ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await (await owner.request('/api/v1/tasks')).text()).toContain('Survive this.');
    expect((await runToEnd(owner.folder, ['serve'])).errors).toContain(`process ${owner.pid} on `);
  });

  it('goes to exactly one of several services that start at the same moment', async () => {
    const folder = scratchFolder();
    const attempts = await Promise.allSettled(Array.from({ length: 3 }, () => start(folder)));
    const refusals = attempts.flatMap((attempt) =>
      attempt.status === 'rejected' ? [String(attempt.reason)] : [],
    );
    for (const server of servers.splice(0)) await server.dispose();
    rmSync(folder, { recursive: true });

    expect(refusals).toHaveLength(2);
    for (const refusal of refusals) expect(refusal).toContain('is in use by ');
  });
});
