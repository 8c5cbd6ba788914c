import Sqlite from 'better-sqlite3';
import { openStore, type DatabaseUrl, type OpenStore } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { execute, startPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { SqliteTemplate } from '../support/sqlite-template';
import { TestQueue } from '../support/test-queue';
import { expectServed } from '../properties/roll-ups/served';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How many rows there are of minutes, and of bins by minute, hour and day. */
async function rowsIn(query: (sql: string) => Promise<readonly unknown[]>): Promise<readonly number[]> {
  const counts = [
    'SELECT count(*) AS n FROM stat_minutes',
    ...[60_000, HOUR_MS, DAY_MS].map(
      (ms) => `SELECT count(*) AS n FROM time_bins WHERE task_type = '' AND span_ms = ${ms}`,
    ),
  ];
  const rows = await Promise.all(counts.map(query));
  return rows.map(([row]) => Number((row as { n?: unknown } | undefined)?.n));
}

async function rowsOf(url: DatabaseUrl, sql: string): Promise<readonly unknown[]> {
  const db = new Sqlite(url.kind === 'sqlite' ? url.path : '', { readonly: true });
  const rows = db.prepare<[]>(sql).all();
  db.close();
  return Promise.resolve(rows);
}

async function completeOne(queue: TestQueue): Promise<void> {
  await queue.create();
  await queue.complete(await queue.claimed());
}

/** Blocks of the line: of tasks that came long ago, empty but for the third of ten, and of the one that is there. */
const OLD_BLOCKS = Array.from({ length: 10 }, (_, block) => `(9, ${block - 30}, ${block === 2 ? 1 : 0})`);
const FILL_BLOCKS = `INSERT INTO queue_blocks (rank, block, ready) VALUES ${OLD_BLOCKS.join(', ')}`;
const BLOCKS = 'SELECT block, ready FROM queue_blocks ORDER BY block';
const BLOCKS_LEFT = [
  { block: -28, ready: 1 },
  { block: 0, ready: 1 },
];

describe('counts of tasks that are not there any more', () => {
  it('leave the line of the SQLite file', async () => {
    const template = new SqliteTemplate();
    const options = await template.copy(new FixedClock());
    const store = await openStore(options);
    const queue = new TestQueue(store.tasks);
    await queue.create();
    const db = new Sqlite(options.url.kind === 'sqlite' ? options.url.path : '');
    db.exec(FILL_BLOCKS);
    db.close();
    await store.tasks.forgetOutcomes(1);
    expect(await rowsOf(options.url, BLOCKS)).toEqual(BLOCKS_LEFT);
    await store.close();
    await template.remove();
  });
});

describe('counts in more detail than statistics look back to', () => {
  it('leave the SQLite file, a little each minute, and no statistics change', async () => {
    const template = new SqliteTemplate();
    const clock = new FixedClock();
    const options = await template.copy(clock);
    const store = await openStore(options);
    const queue = new TestQueue(store.tasks);
    for (let day = 0; day < 45; day += 1) {
      clock.advance(DAY_MS);
      await completeOne(queue);
    }
    const kept = (): Promise<readonly number[]> => rowsIn((sql) => rowsOf(options.url, sql));
    expect(await kept()).toEqual([45, 45, 45, 45]);
    await store.tasks.forgetOutcomes(1);
    expect(await kept()).toEqual([44, 44, 44, 45]);
    await store.tasks.forgetOutcomes(1);
    expect(await kept()).toEqual([44, 44, 44, 45]);
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      await store.tasks.forgetOutcomes(1);
    }
    expect(await kept()).toEqual([3, 3, 40, 45]);
    await expectServed(queue, store.statistics);
    await store.close();
    await template.remove();
  });

  it('leave PostgreSQL, whoever of several instances comes first', async () => {
    const postgres = await startPostgres();
    const options = await new SpareDatabases(postgres).take();
    const url = options.url.kind === 'postgres' ? options.url.url : '';
    const stores = await Promise.all([openStore(options), openStore(options)]);
    const queue = new TestQueue(stores[0].tasks);
    await completeOne(queue);
    await execute(
      url,
      `INSERT INTO stat_minutes SELECT minute - ${4 * DAY_MS}, 1, 0, 0, 0, 0, 0, 0 FROM stat_minutes`,
    );
    await execute(
      url,
      `INSERT INTO time_bins SELECT task_type, span_ms, start - ${50 * DAY_MS}, bin, 1 FROM time_bins WHERE span_ms > 0`,
    );
    await queue.create();
    await execute(url, FILL_BLOCKS);
    const kept = (): Promise<readonly number[]> => rowsIn((sql) => execute(url, sql));
    expect(await kept()).toEqual([2, 2, 2, 2]);
    await Promise.all(stores.map(({ tasks }: OpenStore) => tasks.forgetOutcomes(1)));
    expect(await kept()).toEqual([1, 1, 1, 2]);
    expect(await execute(url, BLOCKS)).toEqual(
      BLOCKS_LEFT.map(({ block, ready }) => ({ block: String(block), ready })),
    );
    await expectServed(queue, stores[0].statistics);
    await Promise.all(stores.map((store) => store.close()));
    await postgres.stop();
  });
});
