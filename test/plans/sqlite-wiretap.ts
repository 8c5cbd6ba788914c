import Sqlite from 'better-sqlite3';

/** A statement as it was run. */
export interface RunStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const WAYS_TO_RUN = ['run', 'get', 'all', 'iterate'] as const;

/** Listens to all that this process asks SQLite, so that what is judged are the statements themselves and no copies. */
export class SqliteWiretap {
  /** Every SQL that was compiled. */
  readonly compiled: string[] = [];
  private readonly ran: RunStatement[] = [];
  private readonly spy: jest.SpyInstance;

  constructor() {
    const { compiled, ran } = this;
    const original = Sqlite.prototype.prepare;
    this.spy = jest.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (
      this: Sqlite.Database,
      sql: string,
    ) {
      const statement = original.call(this, sql);
      compiled.push(sql);
      for (const way of WAYS_TO_RUN) {
        const run = statement[way].bind(statement) as (...values: unknown[]) => unknown;
        Object.assign(statement, {
          [way]: (...values: unknown[]) => {
            ran.push({ sql, values });
            return run(...values);
          },
        });
      }
      return statement;
    });
  }

  /** What was run while an action ran, each text once. */
  async during(action: () => Promise<unknown>): Promise<readonly RunStatement[]> {
    const first = this.ran.length;
    await action();
    return [...new Map(this.ran.slice(first).map((statement) => [statement.sql, statement])).values()];
  }

  end(): void {
    this.spy.mockRestore();
  }
}
