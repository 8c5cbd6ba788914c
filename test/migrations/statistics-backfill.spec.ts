import { createDataSource, migrateStore, openStore } from '@task/infrastructure';
import fc from 'fast-check';
import type { DataSource, MigrationInterface } from 'typeorm';
import { assertProperty } from '../support/assert-property';
import { act, plays, type Burst } from '../properties/roll-ups/commands';
import { recounted, stored } from '../properties/roll-ups/recount';
import { FixedClock } from '../support/fixed-clock';
import { startPostgres } from '../support/postgres';
import { scratchPostgres, scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';

const NAME = 'Statistics1764220000000';

/** Plays, takes the counters back to what they were before the migration, and lets it make them again. */
async function expectFilled(
  database: ScratchDatabase,
  bursts: readonly Burst[],
  clock?: FixedClock,
): Promise<void> {
  await migrateStore(database.options);
  const store = await openStore(database.options);
  await act({ queue: new TestQueue(store.tasks), clock, tasks: [] }, bursts);
  await store.close();
  const source = await createDataSource(database.options).initialize();
  try {
    await again(source);
    expect(await stored(source)).toEqual(await recounted(source));
  } finally {
    await source.destroy();
    await database.remove();
  }
}

async function again(source: DataSource): Promise<void> {
  const migration = source.migrations.find(({ name }: MigrationInterface) => name === NAME);
  if (migration === undefined) throw new Error(`there is no migration ${NAME}`);
  const runner = source.createQueryRunner();
  await migration.down(runner);
  await migration.up(runner);
  await runner.release();
}

describe('a store that is brought up to date has the statistics of what was done before', () => {
  it('on SQLite', async () => {
    await assertProperty(
      fc.asyncProperty(plays, async (bursts) => {
        const clock = new FixedClock();
        await expectFilled(await scratchSqlite(clock), bursts, clock);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('on PostgreSQL', async () => {
    const postgres = await startPostgres();
    try {
      await assertProperty(
        fc.asyncProperty(plays, async (bursts) => expectFilled(await scratchPostgres(postgres), bursts)),
        { numRuns: 5 },
      );
    } finally {
      await postgres.stop();
    }
  }, 120_000);
});
