import { openStore, type OpenStore } from '@task/infrastructure';
import { CountedIds } from '../support/counted-ids';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { TestQueue } from '../support/test-queue';
import { archiveAll, AT_ONCE } from './archive/ended-tasks';

const TASKS = 60;

describe('several instances that archive at once', () => {
  let postgres: TestPostgres;
  let stores: readonly OpenStore[];
  let url: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    const options = await new SpareDatabases(postgres).take();
    url = options.url.kind === 'postgres' ? options.url.url : '';
    stores = await Promise.all([1, 2, 3].map(() => openStore(options)));
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await postgres.stop();
  });

  it('take each task once, while others claim, end and retry tasks', async () => {
    const ids = new CountedIds();
    const queues = stores.map(({ tasks }) => new TestQueue(tasks, ids));
    const work = async (queue: TestQueue, share: number): Promise<void> => {
      for (let count = 0; count < share; count += 1) {
        await queue.create({ tags: ['a'] });
        const task = await queue.claimed();
        if (count % 3 !== 0) {
          await queue.complete(task);
          continue;
        }
        const failed = await queue.fail(task, { retryable: false });
        // Whether it is still there to be retried is up to the others.
        await queue.retry(failed).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'task.archived' });
        });
      }
    };
    const state = { isOver: false };
    const working = Promise.all(queues.map((queue) => work(queue, TASKS / 3))).finally(
      () => (state.isOver = true),
    );
    const archiving = stores.map(async (store) => {
      let archived = 0;
      while (!state.isOver) archived += await archiveAll(store, AT_ONCE, 13);
      return archived;
    });
    await working;
    const [store, queue] = [stores[0], queues[0]];
    if (store === undefined || queue === undefined) throw new Error('there are three');
    for (const task of await queue.drain()) await queue.complete(task);
    const counts = await Promise.all(archiving);
    const moved = counts.reduce((sum, count) => sum + count, await archiveAll(store));

    const [rows] = await execute(
      url,
      `SELECT (SELECT count(*) FROM archived_tasks)::int AS archived, (SELECT count(*) FROM tasks)::int AS live,
         (SELECT count(*) FROM archived_history)::int + (SELECT count(*) FROM task_history)::int AS events,
         (SELECT sum(archived) FROM task_counts WHERE group_id = 0)::int AS counted,
         (SELECT count(*) FROM task_tags)::int + (SELECT count(*) FROM leases)::int AS left_over`,
    );
    const { newest } = await store.events.bounds();
    expect(moved).toBe(TASKS);
    expect(rows).toEqual({ archived: TASKS, live: 0, events: newest, counted: TASKS, left_over: 0 });
  });
});
