import { Task } from '@task/domain';
import { createDataSource, openStore, type OpenStore } from '@task/infrastructure';
import { ACTOR, draft } from '../support/builders';
import { CountedIds } from '../support/counted-ids';
import { eventually } from '../support/eventually';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { scratchPostgres, openScratch, type ScratchStore } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';

const ids = new CountedIds();

describe('the connections to PostgreSQL', () => {
  let postgres: TestPostgres;
  let scratch: ScratchStore;
  let store: OpenStore | undefined;

  beforeAll(async () => {
    postgres = await startPostgres();
    scratch = await openScratch(await scratchPostgres(postgres));
  });
  afterAll(async () => {
    await scratch.remove();
    await postgres.stop();
  });
  afterEach(() => store?.close());

  const open = async (limits: Partial<typeof scratch.options>): Promise<OpenStore> => {
    store = await openStore({ ...scratch.options, ...limits });
    return store;
  };
  /** A question that holds its connection until it is let go. */
  const hold = async (): Promise<() => Promise<void>> => {
    const source = await createDataSource({ ...scratch.options, maxConnections: 1 }).initialize();
    const runner = source.createQueryRunner();
    await runner.query('BEGIN');
    await runner.query('LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE');
    return async () => {
      await runner.query('ROLLBACK');
      await runner.release();
      await source.destroy();
    };
  };

  it('are as many at the start as are kept in any case, and no more than there may be', async () => {
    expect((await open({ minConnections: 4 })).pool).toMatchObject({
      active: 0,
      idle: 4,
      waiting: 0,
      leaked: 0,
    });
    await store?.close();
    expect((await open({ minConnections: 10, maxConnections: 3 })).pool).toMatchObject({
      active: 0,
      idle: 3,
    });
  });

  it('are counted: who has one, who waits for one, and how long it took', async () => {
    const { tasks, pool } = await open({ maxConnections: 2 });
    const letGo = await hold();
    const asked = Array.from({ length: 5 }, () => tasks.find('00000000-0000-4000-8000-000000000001'));
    await eventually(() => Promise.resolve(pool?.waiting === 3 ? true : null));
    expect(pool).toMatchObject({ active: 2, idle: 0, waiting: 3 });
    await letGo();
    await Promise.all(asked);
    expect(pool).toMatchObject({ active: 0, idle: 2, waiting: 0 });
    expect(pool?.waitSeconds.count).toBeGreaterThan(4);
  });

  it('are refused to whoever has waited for one too long, and nothing was done', async () => {
    const { tasks } = await open({ maxConnections: 2, timeoutMs: 4_000 });
    const letGo = await hold();
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, () => tasks.find('00000000-0000-4000-8000-000000000001')),
    );
    await letGo();
    for (const answer of asked) expect(answer).toMatchObject({ reason: { fault: 'overloaded' } });
  });

  it('are told as leaked when they do not come back, the one of the lane aside', async () => {
    const { tasks, pool } = await open({ maxConnections: 3, timeoutMs: 4_000 });
    await new TestQueue(tasks, ids).create();
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const borrowed = borrow(pool, released);
    await eventually(() => Promise.resolve(pool?.leaked === 1 ? true : null));
    release(undefined);
    await borrowed;
    expect(pool?.leaked).toBe(0);
  });

  it('are never two in one transaction: that could wait for itself for ever', async () => {
    const { tasks, audit, keys } = await open({ maxConnections: 2 });
    let wrong: Promise<readonly unknown[]> = Promise.resolve([]);
    const create = tasks.insert(
      (now) => {
        wrong = Promise.allSettled([tasks.countByStatus(), keys.find('nobody'), audit.list({}, 1, null)]);
        return [Task.create(draft(), ids.taskId(), ACTOR, now)];
      },
      { aborted: false },
    );
    await expect(create).resolves.toHaveLength(1);
    expect(await wrong).toHaveLength(3);
    for (const answer of await wrong) {
      expect(answer).toMatchObject({
        reason: { message: 'a second connection was asked for inside a transaction' },
      });
    }
    await expect(tasks.countByStatus()).resolves.toMatchObject({});
  });

  it('may be asked for by whoever hears of a commit', async () => {
    const { tasks, commits } = await open({ maxConnections: 2 });
    const reads: Promise<unknown>[] = [];
    commits.subscribe(() => reads.push(tasks.countByStatus()));
    await new TestQueue(tasks, ids).create();
    await expect(Promise.all(reads)).resolves.toHaveLength(1);
  });
});

/** Takes a connection of the pool, as a mistake of ours might, and keeps it. */
async function borrow(pool: unknown, until: Promise<unknown>): Promise<void> {
  const { connect } = pool as { connect: () => Promise<{ release: () => void }> };
  const client = await connect.call(pool);
  await until;
  client.release();
}
