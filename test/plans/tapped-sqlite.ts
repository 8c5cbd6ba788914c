import Sqlite from 'better-sqlite3';
import type { ClaimFilter } from '@task/application';
import { migrateStore, openStore, type OpenStore } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { scratchSqlite } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { SqliteWiretap, type RunStatement } from './sqlite-wiretap';

/** A filter on a directory. */
export const at = (path: string, recursive: boolean): ClaimFilter => ({ directory: { path, recursive } });

/** A new store on SQLite whose statements are listened to, and somebody who judges them beside it. */
export class TappedSqlite {
  readonly queue: TestQueue;

  private constructor(
    readonly clock: FixedClock,
    readonly opened: OpenStore,
    readonly wiretap: SqliteWiretap,
    readonly judge: Sqlite.Database,
    private readonly remove: () => Promise<void>,
  ) {
    this.queue = new TestQueue(opened.tasks);
  }

  static async open(): Promise<TappedSqlite> {
    const clock = new FixedClock();
    const database = await scratchSqlite(clock);
    await migrateStore(database.options);
    const judge = new Sqlite(database.path, { readonly: true });
    const wiretap = new SqliteWiretap();
    const opened = await openStore(database.options);
    return new TappedSqlite(clock, opened, wiretap, judge, database.remove);
  }

  async end(): Promise<void> {
    this.wiretap.end();
    this.judge.close();
    await this.opened.close();
    await this.remove();
  }

  /** How SQLite finds the rows of a statement. */
  readonly planOf = ({ sql, values }: RunStatement): string[] =>
    this.judge
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => detail);

  /** How SQLite finds the rows of those statements that an action runs and that are about something. */
  async plansOf(about: RegExp, action: () => Promise<unknown>): Promise<string[]> {
    return (await this.wiretap.during(action)).filter(({ sql }) => about.test(sql)).flatMap(this.planOf);
  }
}
