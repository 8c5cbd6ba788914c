import type Sqlite from 'better-sqlite3';
import type { ClaimFilter } from '@task/application';
import { groupConditions, MAX_MERGED_GROUPS } from '../claim-groups';
import { prepare, PreparedStatements } from './prepare';

interface Head {
  readonly seq: number;
  readonly rank: number;
}

/** With fewer groups their heads are read as fast as anything else. */
const MANY_GROUPS = 32;

/**
 * Finds the most urgent ready tasks. Without a filter one index is read in its order; with one, the heads of the
 * groups that match are merged, so that the cost follows the number of groups and never that of tasks.
 *
 * The indexes are named, since SQLite guesses that a status has ten tasks, whatever it has: it would read all that
 * wait, and sort them.
 */
export class SqliteClaims {
  private readonly all: Sqlite.Statement<[], Head>;
  private readonly first: Sqlite.Statement<[number], Head & { readonly group_id: number }>;
  private readonly ofGroup: Sqlite.Statement<[number, number], Head>;
  private readonly filtered: PreparedStatements;

  constructor(db: Sqlite.Database) {
    this.filtered = new PreparedStatements(db);
    this.all = prepare(
      db,
      'SELECT seq, rank FROM tasks INDEXED BY tasks_ready WHERE status = 0 AND gate = 0 ORDER BY rank, seq',
    );
    this.first = prepare(
      db,
      `SELECT seq, rank, group_id FROM tasks INDEXED BY tasks_ready WHERE status = 0 AND gate = 0
       ORDER BY rank, seq LIMIT ?`,
    );
    this.ofGroup = prepare(
      db,
      `SELECT seq, rank FROM tasks INDEXED BY tasks_ready_by_group WHERE status = 0 AND gate = 0 AND group_id = ?
       ORDER BY rank, seq LIMIT ?`,
    );
  }

  pick(filter: ClaimFilter, limit: number, taken: ReadonlySet<number>): readonly number[] {
    const { where, parameters } = groupConditions(filter);
    if (where === '') return firstFree(this.all.iterate(), limit, taken);
    const sql = `SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
      WHERE g.ready > 0 AND ${where} LIMIT ?`;
    const groups = this.filtered.of<{ id: number }>(sql).all(...parameters, MAX_MERGED_GROUPS + 1);
    if (groups.length > MAX_MERGED_GROUPS) return this.scan(where, parameters, limit, taken);
    const near = this.amongFirst(groups, limit, taken);
    return near.length === limit ? near : firstFree(this.merged(groups, limit + taken.size), limit, taken);
  }

  /**
   * Of many groups the next tasks are mostly among the first of all, which are looked at no further than the heads of
   * the groups would have to be.
   */
  private amongFirst(
    groups: readonly { id: number }[],
    limit: number,
    taken: ReadonlySet<number>,
  ): readonly number[] {
    if (groups.length < MANY_GROUPS) return [];
    const wanted = new Set(groups.map(({ id }) => id));
    return firstFree(this.firstIn(wanted, groups.length), limit, taken);
  }

  private *firstIn(wanted: ReadonlySet<number>, lookedAtMost: number): Iterable<Head> {
    for (const row of this.first.iterate(lookedAtMost)) if (wanted.has(row.group_id)) yield row;
  }

  /** The heads of all groups; then, of the groups whose head can be among the wanted, as many as are wanted. */
  private merged(groups: readonly { id: number }[], limit: number): Iterable<Head> {
    if (groups.length === 1 && groups[0] !== undefined) return this.ofGroup.all(groups[0].id, limit);
    const heads = groups.flatMap(({ id }) => this.ofGroup.all(id, 1).map((head) => ({ ...head, id })));
    const best = heads.sort(byUrgency).slice(0, limit);
    return limit === 1 ? best : best.flatMap(({ id }) => this.ofGroup.all(id, limit)).sort(byUrgency);
  }

  /** So many groups match that the next ready task of all is likely to be in one of them. */
  private scan(
    where: string,
    parameters: readonly unknown[],
    limit: number,
    taken: ReadonlySet<number>,
  ): number[] {
    const sql = `SELECT t.seq, t.rank FROM tasks t INDEXED BY tasks_ready
      WHERE t.status = 0 AND t.gate = 0 AND t.group_id IN
      (SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id WHERE g.ready > 0 AND ${where})
      ORDER BY t.rank, t.seq LIMIT ?`;
    const rows = this.filtered.of<Head>(sql).all(...parameters, limit + taken.size);
    return firstFree(rows, limit, taken);
  }
}

function firstFree(heads: Iterable<Head>, limit: number, taken: ReadonlySet<number>): number[] {
  const free: number[] = [];
  for (const { seq } of heads) {
    if (taken.has(seq)) continue;
    free.push(seq);
    if (free.length === limit) break;
  }
  return free;
}

function byUrgency(left: Head, right: Head): number {
  return left.rank - right.rank || left.seq - right.seq;
}
