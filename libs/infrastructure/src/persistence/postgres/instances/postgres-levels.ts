import { SharedLevels, StoreUnavailable, type BucketLevels, type ChangeLevels } from '@task/application';
import type { EpochMs } from '@task/domain';
import type { DataSource } from 'typeorm';
import { columnsOf, insertSql, type ColumnTypes } from '../bulk';
import { postgresFault } from '../postgres-faults';
import type { Instances } from './instances';

/** Nobody waits for a limit longer than this, */
const ANSWER_MS = 1_000;
/** and for so long nobody asks again. */
const AWAY_MS = 1_000;
/** Other instances may be quicker with the same bucket so many times. */
const ROUNDS = 20;
const MOST_AT_ONCE = 500;
/** How long ago somebody drew from buckets that are full again for sure, and how often it is looked. */
const FORGOTTEN_AFTER_MS = 120_000;
const FORGET_EVERY_MS = 60_000;

interface Row {
  readonly name: string;
  readonly steady_out: number | null;
  readonly burst_out: number;
  readonly refilled_at: number;
  readonly version: number;
  readonly now: number;
}

/** One caller's wish, which does not know yet what it will be answered. */
interface Draw {
  readonly name: string;
  /** Finds the next levels, and keeps the answer that goes with them. */
  readonly next: (levels: BucketLevels | null, now: EpochMs) => BucketLevels;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Levels in a table. What is drawn while one look is on its way shares the next: two statements, however many callers.
 * No lock is held: levels that another instance has changed meanwhile are read again.
 */
export class PostgresLevels extends SharedLevels {
  private readonly waiting: Draw[] = [];
  private running: Promise<void> | null = null;
  private awayUntil = -Infinity;
  private forgottenAt = performance.now();

  constructor(
    private readonly source: DataSource,
    private readonly others: Pick<Instances, 'count'>,
  ) {
    super();
  }

  override get instances(): number {
    return this.others.count;
  }

  override change<T>(name: string, change: ChangeLevels<T>): Promise<T> {
    if (performance.now() < this.awayUntil) return Promise.reject(new StoreUnavailable('unreachable'));
    return new Promise((answer, refuse) => {
      let found: T;
      const late = setTimeout(() => draw.fail(new StoreUnavailable('timed_out')), ANSWER_MS);
      const draw: Draw = {
        name,
        next: (before, now) => {
          const { levels, answer: next } = change(before, now);
          found = next;
          return levels;
        },
        settle: () => {
          clearTimeout(late);
          answer(found);
        },
        fail: (error) => {
          clearTimeout(late);
          this.awayUntil = performance.now() + AWAY_MS;
          refuse(postgresFault(error) ?? (error as Error));
        },
      };
      this.waiting.push(draw);
      this.running ??= this.run();
    });
  }

  /** Comes back when nothing is asked of the database any more. */
  async close(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const draws = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.forget();
        await this.settle(draws);
      } catch (error) {
        for (const draw of draws) draw.fail(error);
      }
    }
    // With the look at an empty queue, so that whoever comes next finds nobody at work.
    this.running = null;
  }

  private async settle(draws: readonly Draw[]): Promise<void> {
    let left = draws;
    for (let round = 0; round < ROUNDS && left.length > 0; round += 1) {
      const byName = Map.groupBy(left, ({ name }) => name);
      const rows = await this.source.query<Row[]>(READ, [[...byName.keys()]]);
      const written = new Set(await this.write(rows.map((row) => rowAfter(row, byName.get(row.name) ?? []))));
      for (const draw of left) if (written.has(draw.name)) draw.settle();
      left = left.filter(({ name }) => !written.has(name));
    }
    for (const draw of left) draw.fail(new StoreUnavailable('overloaded'));
  }

  private async write(rows: readonly (string | number)[][]): Promise<readonly string[]> {
    const written = await this.source.query<Pick<Row, 'name'>[]>(WRITE, [...columnsOf(rows, BUCKET)]);
    return written.map(({ name }) => name);
  }

  private async forget(): Promise<void> {
    const now = performance.now();
    if (now - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = now;
    await this.source.query(FORGET, [FORGOTTEN_AFTER_MS]);
  }
}

/** What several wishes make of a bucket, one after the other. */
function rowAfter(row: Row, draws: readonly Draw[]): (string | number)[] {
  const { name, steady_out: steadyOut, burst_out: burstOut, refilled_at: at, version, now } = row;
  let levels: BucketLevels | null = steadyOut === null ? null : { steadyOut, burstOut, at };
  for (const draw of draws) levels = draw.next(levels, now);
  const after = levels ?? { steadyOut: 0, burstOut: 0, at: now };
  return [name, after.steadyOut, after.burstOut, after.at, (steadyOut === null ? 0 : version) + 1];
}

const BUCKET: ColumnTypes = {
  name: 'text',
  steady_out: 'double precision',
  burst_out: 'double precision',
  refilled_at: 'bigint',
  version: 'bigint',
};
const NOW = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';
const READ = `SELECT n.name, b.steady_out, b.burst_out, b.refilled_at, b.version, ${NOW} AS now
  FROM unnest($1::text[]) AS n(name) LEFT JOIN rate_buckets b ON b.name = n.name`;
/** In the order of their names: instances that write the same buckets cannot deadlock. */
const WRITE = insertSql(
  'rate_buckets',
  BUCKET,
  `ORDER BY v.name ON CONFLICT (name) DO UPDATE SET steady_out = excluded.steady_out, burst_out = excluded.burst_out,
    refilled_at = excluded.refilled_at, version = excluded.version
   WHERE rate_buckets.version = excluded.version - 1 RETURNING name`,
);
const FORGET = `DELETE FROM rate_buckets WHERE name IN (SELECT name FROM rate_buckets
  WHERE refilled_at < ${NOW} - $1 ORDER BY name LIMIT 1000 FOR UPDATE SKIP LOCKED)`;
