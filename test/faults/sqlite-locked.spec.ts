import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { Task } from '@task/domain';
import { openScratch, scratchSqlite, type ScratchStore } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { faultsIn } from './faults-in';

/** Longer than one wait for a lock, and shorter than all of them. */
const SHORT_MS = 150;

describe('a store whose SQLite file is locked by another process', () => {
  let scratch: ScratchStore;
  let queue: TestQueue;
  let other: Sqlite.Database;

  beforeEach(async () => {
    const database = await openScratch(await scratchSqlite());
    scratch = database;
    queue = new TestQueue(database.store.tasks);
    other = new Sqlite(database.path);
  });

  afterEach(async () => {
    other.close();
    await scratch.remove();
  });

  const work = (task: Task): Promise<unknown>[] => [
    queue.create(),
    queue.cancel(task),
    queue.createAll([{}, {}]),
  ];

  it('does what was asked as soon as a short lock is gone', async () => {
    const task = await queue.create();
    other.exec('BEGIN IMMEDIATE');
    const asked = Promise.all(work(task));
    await delay(SHORT_MS);
    other.exec('COMMIT');
    await asked;
    expect(await queue.store.countByStatus()).toMatchObject({ waiting: 3, cancelled: 1 });
  });

  it('refuses as overloaded what a long lock holds up, and stores nothing of it', async () => {
    const task = await queue.create();
    other.exec('BEGIN IMMEDIATE');
    const asked = await Promise.allSettled(work(task));
    other.exec('COMMIT');
    expect(faultsIn(asked)).toEqual(['overloaded', 'overloaded', 'overloaded']);
    expect((await queue.all()).map(({ state }) => state)).toEqual([task.state]);

    await Promise.all(work(task));
    expect(await queue.store.countByStatus()).toMatchObject({ waiting: 3, cancelled: 1 });
    expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on reading', async () => {
    const task = await queue.create();
    other.exec('BEGIN IMMEDIATE; UPDATE tasks SET rank = 9');
    expect((await queue.stored(task)).state).toEqual(task.state);
    expect(await queue.all()).toHaveLength(1);
    expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1 });
    other.exec('ROLLBACK');
  });
});
