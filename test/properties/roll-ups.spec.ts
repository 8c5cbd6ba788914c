import { createDataSource, migrateStore, openStore } from '@task/infrastructure';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { assertProperty } from '../support/assert-property';
import { FixedClock } from '../support/fixed-clock';
import { startPostgres } from '../support/postgres';
import { scratchPostgres, scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { act, plays, type Burst } from './roll-ups/commands';
import { negatives, recounted, stored } from './roll-ups/recount';
import { expectServed } from './roll-ups/served';

/** So that the tasks of a play are on both sides of the border between two blocks of the queue. */
const FIRST_SEQ = 1_016;

/** Plays on a database of its own and compares what was counted on the way with a recount at the end. */
async function expectCounted(
  database: ScratchDatabase,
  bursts: readonly Burst[],
  clock: FixedClock | undefined,
): Promise<void> {
  await migrateStore(database.options);
  const source = await createDataSource(database.options).initialize();
  await beginAt(source, FIRST_SEQ);
  const store = await openStore(database.options);
  try {
    const queue = new TestQueue(store.tasks);
    await act({ queue, clock, tasks: [] }, bursts);
    expect(await stored(source)).toEqual(await recounted(source));
    expect(await negatives(source)).toEqual([]);
    await expectServed(queue, store.statistics);
  } finally {
    await store.close();
    await source.destroy();
    await database.remove();
  }
}

describe('the roll-ups, and the statistics that are read from them, equal a recount of tasks and history, whatever was done', () => {
  it('on SQLite, whatever the clock did', async () => {
    await assertProperty(
      fc.asyncProperty(plays, async (bursts) => {
        const clock = new FixedClock();
        await expectCounted(await scratchSqlite(clock), bursts, clock);
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it('on PostgreSQL', async () => {
    const postgres = await startPostgres();
    try {
      await assertProperty(
        fc.asyncProperty(plays, async (bursts) => {
          await expectCounted(await scratchPostgres(postgres), bursts, undefined);
        }),
        { numRuns: 10 },
      );
    } finally {
      await postgres.stop();
    }
  }, 120_000);
});

async function beginAt(source: DataSource, seq: number): Promise<void> {
  await source.query(
    source.options.type === 'postgres'
      ? `SELECT setval('task_seq', ${seq})`
      : `UPDATE counters SET value = ${seq} WHERE name = 'task_seq'`,
  );
}
