import type Sqlite from 'better-sqlite3';
import type { ClaimFilter } from '@task/application';
import { groupConditions, MAX_MERGED_GROUPS } from '../claim-groups';
import { prepare } from './prepare';

interface Head {
  readonly seq: number;
  readonly rank: number;
}

/**
 * Finds the most urgent ready tasks. Without a filter one index is read in its order; with one, the heads of the
 * groups that match are merged, so that the cost follows the number of groups and never that of tasks.
 */
export class SqliteClaims {
  private readonly all: Sqlite.Statement<[], Head>;
  private readonly ofGroup: Sqlite.Statement<[number, number], Head>;
  private readonly statements = new Map<string, Sqlite.Statement<unknown[], { id: number }>>();

  constructor(private readonly db: Sqlite.Database) {
    this.all = prepare(db, 'SELECT seq, rank FROM tasks WHERE status = 0 AND gate = 0 ORDER BY rank, seq');
    this.ofGroup = prepare(
      db,
      'SELECT seq, rank FROM tasks WHERE status = 0 AND gate = 0 AND group_id = ? ORDER BY rank, seq LIMIT ?',
    );
  }

  pick(filter: ClaimFilter, limit: number, taken: ReadonlySet<number>): readonly number[] {
    const { where, parameters } = groupConditions(filter);
    if (where === '') return firstFree(this.all.iterate(), limit, taken);
    const groups = this.groupsWhere(where).all(...parameters, MAX_MERGED_GROUPS + 1);
    if (groups.length > MAX_MERGED_GROUPS) return this.scan(where, parameters, limit, taken);
    return firstFree(this.merged(groups, limit + taken.size), limit, taken);
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
    const sql = `SELECT t.seq, t.rank FROM tasks t WHERE t.status = 0 AND t.gate = 0 AND t.group_id IN
      (SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id WHERE g.ready > 0 AND ${where})
      ORDER BY t.rank, t.seq LIMIT ?`;
    const rows = prepare<unknown[], Head>(this.db, sql).all(...parameters, limit + taken.size);
    return firstFree(rows, limit, taken);
  }

  private groupsWhere(where: string): Sqlite.Statement<unknown[], { id: number }> {
    let statement = this.statements.get(where);
    if (statement === undefined) {
      statement = prepare(
        this.db,
        `SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
         WHERE g.ready > 0 AND ${where} LIMIT ?`,
      );
      this.statements.set(where, statement);
    }
    return statement;
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
