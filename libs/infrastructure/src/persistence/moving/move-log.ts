import { createHash } from 'node:crypto';
import { MoveFailure } from './move-failure';
import type { MovedRow, MovedTable } from './moved-tables';
import type { MovingSide } from './moving-side';

/** The table in which the target says how far it is; it is there only until all is done. */
export const MOVE_TABLE = 'data_move';
/** Its row about the source. */
const SOURCE = 'source';

/** How far a table is. */
export interface Moved {
  /** The key of the last row. */
  readonly last: MovedRow;
  readonly rows: number;
}

/** What the target itself knows about the move: written in the same transactions as the rows. */
export class MoveLog {
  private constructor(
    private readonly target: MovingSide,
    private readonly moved: Map<string, Moved>,
  ) {}

  /**
   * Begins a move, or goes on with one that was broken off.
   * @throws MoveFailure when the target has something else in it
   */
  static async open(
    target: MovingSide,
    tables: readonly MovedTable[],
    fingerprint: string,
  ): Promise<MoveLog> {
    if (!(await target.hasTable(MOVE_TABLE))) {
      await requireEmpty(target, tables);
      await begin(target, fingerprint);
      return new MoveLog(target, new Map());
    }
    const sql = `SELECT name, place, moved FROM ${MOVE_TABLE}`;
    const rows = await target.run<{ name: string; place: string; moved: number }>(sql);
    if (rows.find(({ name }) => name === SOURCE)?.place !== fingerprint) {
      throw new MoveFailure(
        'the target holds a half-done move of other data, or the source has changed since: empty the target and begin anew',
      );
    }
    const done = rows.filter(({ name }) => name !== SOURCE);
    return new MoveLog(
      target,
      new Map(
        done.map(({ name, place, moved }) => [name, { last: JSON.parse(place) as MovedRow, rows: moved }]),
      ),
    );
  }

  /** Null for a table of which nothing is there yet. */
  of({ name }: MovedTable): Moved | null {
    return this.moved.get(name) ?? null;
  }

  /** Rows that are there already. */
  get rows(): number {
    return [...this.moved.values()].reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Takes down how far a table is, in the running transaction. */
  async note({ name }: MovedTable, moved: Moved): Promise<void> {
    await this.target.run(
      `INSERT INTO ${MOVE_TABLE} (name, place, moved) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET place = excluded.place, moved = excluded.moved`,
      [name, JSON.stringify(moved.last), moved.rows],
    );
    this.moved.set(name, moved);
  }

  /** All is there: in the running transaction. */
  async end(): Promise<void> {
    await this.target.run(`DROP TABLE ${MOVE_TABLE}`);
  }
}

/** What a source holds, in short: when it changes, a broken-off move cannot go on. */
export function fingerprintOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

async function begin(target: MovingSide, fingerprint: string): Promise<void> {
  await target.begin();
  try {
    await target.run(
      `CREATE TABLE ${MOVE_TABLE} (name text NOT NULL PRIMARY KEY, place text NOT NULL, moved bigint NOT NULL)`,
    );
    await target.run(`INSERT INTO ${MOVE_TABLE} (name, place, moved) VALUES (?, ?, 0)`, [
      SOURCE,
      fingerprint,
    ]);
    await target.commit();
  } catch (error) {
    await target.rollback();
    throw error;
  }
}

async function requireEmpty(target: MovingSide, tables: readonly MovedTable[]): Promise<void> {
  for (const { name } of tables) {
    const rows = await target.run(`SELECT 1 AS one FROM ${name} LIMIT 1`);
    if (rows.length > 0) throw new MoveFailure(`the target is not empty: there are ${name} in it`);
  }
}
