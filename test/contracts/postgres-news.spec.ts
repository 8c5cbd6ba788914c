import type { Commit } from '@task/application';
import { newApiKey } from '@task/domain';
import { openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { CountedIds } from '../support/counted-ids';
import { eventually } from '../support/eventually';
import { readyTasks } from '../support/manual-commits';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { TestQueue } from '../support/test-queue';

const LISTENERS = `FROM pg_stat_activity WHERE application_name = 'task-orchestrator listener'
  AND datname = current_database()`;

describe('what instances on one PostgreSQL hear of each other', () => {
  let postgres: TestPostgres;
  let databases: SpareDatabases;
  let options: StoreOptions;
  let here: OpenStore;
  let there: OpenStore;
  let heard: Commit[];
  const ids = new CountedIds();

  beforeAll(async () => {
    postgres = await startPostgres();
    databases = new SpareDatabases(postgres);
  });
  afterAll(() => postgres.stop());

  beforeEach(async () => {
    options = await databases.take();
    [here, there] = await Promise.all([openStore(options), openStore(options)]);
    heard = [];
    there.commits.subscribe((commit) => heard.push(commit));
  });
  afterEach(async () => {
    await Promise.all([here.close(), there.close()]);
    databases.giveBack(options);
  });

  const sql = (text: string): Promise<unknown[]> =>
    options.url.kind === 'postgres' ? execute(options.url.url, text) : Promise.resolve([]);
  const until = (isSo: () => boolean): Promise<true> =>
    eventually(() => Promise.resolve(isSo() ? true : null), { pauseMs: 2 });
  const queue = (): TestQueue => new TestQueue(here.tasks, ids);
  const newest = async (): Promise<number> => (await here.events.bounds()).newest;
  const hasHeardOf = (eventId: number): Promise<true> =>
    until(() => heard.some(({ lastEventId }) => (lastEventId ?? 0) >= eventId));

  it('is which tasks can be claimed that were only locked: others’ claims have passed over them', async () => {
    await queue().create();
    const claimed = await queue().claimed();
    await queue().release(claimed);
    await hasHeardOf(await newest());
    heard.splice(0);
    await expect(queue().renew(claimed)).rejects.toThrow();
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([{ ready: [readyTasks()], lastEventId: null }]);
  });

  it('is which tasks can be claimed still that were locked and changed', async () => {
    const awaited = await queue().create();
    await hasHeardOf(await newest());
    heard.splice(0);
    await queue().createOn([awaited], 'wait', { taskType: 'later' });
    await hasHeardOf(await newest());
    expect(heard).toMatchObject([{ ready: [readyTasks()] }]);
  });

  it('is which tasks can be claimed still that others of their concurrency key were compared with', async () => {
    await queue().createAll(
      [{}, { taskType: 'held' }].map((each) => ({ ...each, concurrencyKey: 'deploy' })),
    );
    await hasHeardOf(await newest());
    heard.splice(0);
    await queue().create({ taskType: 'new', concurrencyKey: 'deploy' });
    await hasHeardOf(await newest());
    expect(heard).toMatchObject([{ ready: [readyTasks()] }]);
  });

  it('is which tasks became claimable, and the last event', async () => {
    await queue().createAll([{ taskType: 'build' }, { taskType: 'build' }]);
    await hasHeardOf(2);
    expect(heard).toEqual([
      {
        ready: [readyTasks({ taskType: 'build', count: 2 })],
        scheduledFor: null,
        lastEventId: 2,
        hasEndedDependency: false,
        moves: [],
      },
    ]);
  });

  it('can be read when it is heard', async () => {
    const reads: Promise<boolean>[] = [];
    there.commits.subscribe(({ lastEventId }) => {
      const id = lastEventId ?? 0;
      reads.push(there.events.read(id - 1, 1, {}).then(({ events: [event] }) => event?.eventId === id));
    });
    for (let count = 0; count < 20; count += 1) await queue().create();
    await hasHeardOf(20);
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 20 }, () => true));
  });

  it('is when the next task is due', async () => {
    const availableAt = Date.UTC(2200, 0, 1);
    await queue().create({ availableAt });
    await hasHeardOf(1);
    expect(heard).toMatchObject([{ ready: [], scheduledFor: availableAt }]);
  });

  it('is nothing where nothing has happened', async () => {
    await queue().claim();
    await queue().lapse();
    await here.tasks.forgetOutcomes(1);
    await queue().create();
    await hasHeardOf(1);
    expect(heard).toHaveLength(1);
  });

  it('is told once a transaction, however many tasks there are in it', async () => {
    await queue().createAll(Array.from({ length: 200 }, () => ({})));
    await hasHeardOf(200);
    expect(heard).toMatchObject([{ ready: [{ count: 200 }] }]);
  });

  it('is that anything may have come, where it would be too much to tell', async () => {
    await queue().createAll(
      Array.from({ length: 200 }, (_, index) => ({ workDirectory: `/srv/${index}/${'x'.repeat(50)}` })),
    );
    await hasHeardOf(200);
    expect(heard).toMatchObject([{ ready: [], isGap: true, lastEventId: 200 }]);
  });

  it('is that settings and keys have changed', async () => {
    const told: string[] = [];
    there.settings.watch(() => told.push('settings'));
    await there.keys.find('nobody');
    there.keys.watch(() => told.push('keys'));
    await here.settings.write(new Map([['LOG_LEVEL', 'debug']]));
    await until(() => told.includes('settings'));
    const decide = (now: number): ReturnType<typeof newApiKey> =>
      newApiKey({ name: 'ci', roles: ['reader'] }, ids.keyId(), 'root', now);
    await here.keys.create(decide, 'secret');
    await until(() => told.includes('keys'));
  });

  it('is what was done by somebody who was cut off meanwhile', async () => {
    await queue().create();
    await hasHeardOf(1);
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
      AND pid <> pg_backend_pid() AND application_name = 'task-orchestrator'`);
    await eventually(() =>
      queue()
        .create()
        .catch(() => null),
    );
    await hasHeardOf(await newest());
  });

  it('is not lost with the connection over which it comes', async () => {
    await queue().create();
    await hasHeardOf(1);
    await sql(`SELECT pg_terminate_backend(pid) ${LISTENERS}`);
    await queue().create();
    await hasHeardOf(2);
    await until(() => there.instances?.isListening === true);
    const count = await newest();
    await queue().create({ taskType: 'later' });
    await hasHeardOf(count + 1);
    expect(heard.flatMap(({ ready }) => ready.map(({ taskType }) => taskType))).toContain('later');
  });

  it('is how many there are, and that one has gone', async () => {
    const third = await openStore(options);
    await eventually(() => Promise.resolve(third.instances?.count === 3 ? true : null));
    await eventually(() => Promise.resolve(there.instances?.count === 3 ? true : null));
    heard.length = 0;
    await third.close();
    await eventually(() => Promise.resolve(there.instances?.count === 2 ? true : null));
    await until(() => heard.some(({ isGap }) => isGap));
  });
});
