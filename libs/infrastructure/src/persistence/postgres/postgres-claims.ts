import { createHash } from 'node:crypto';
import type { ClaimFilter } from '@task/application';
import { groupConditions, MAX_MERGED_GROUPS } from '../claim-groups';
import type { PostgresConnection } from './postgres-connection';
import { numbered } from './numbered';

interface Head {
  readonly seq: number;
  readonly rank: number;
}

/** The place before all ready tasks. */
const START: Head = { seq: 0, rank: -1 };
/** Heads that are read at once at least, where those before them were others': so many of so many groups are looked at. */
const MORE_HEADS = 64;
const READY = 't.status = 0 AND t.gate = 0';

/** Finds and locks the most urgent ready tasks; what another instance has locked is passed over, never waited for. */
export class PostgresClaims {
  constructor(private readonly connection: PostgresConnection) {}

  async pick(filter: ClaimFilter, limit: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
    const { where, parameters } = groupConditions(filter);
    if (where === '') return this.inOrder('claim-any', '', [limit, [...taken]]);
    const groups = await this.groups(where, parameters);
    if (groups.length === 0) return [];
    if (groups.length > MAX_MERGED_GROUPS) return this.scan(where, parameters, limit, taken);
    if (groups.length === 1) {
      return this.inOrder('claim-group', 'AND t.group_id = $3', [limit, [...taken], groups[0]]);
    }
    return this.merged(groups, limit, taken);
  }

  private async groups(where: string, parameters: readonly string[]): Promise<readonly number[]> {
    const sql = `SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
      WHERE g.ready > 0 AND ${where} LIMIT ${MAX_MERGED_GROUPS + 1}`;
    const { rows } = await this.connection.query<{ id: number }>(
      nameFor('groups', where),
      numbered(sql),
      parameters,
    );
    return rows.map(({ id }) => id);
  }

  private async inOrder(
    name: string,
    condition: string,
    values: readonly unknown[],
  ): Promise<readonly number[]> {
    const sql = `SELECT t.seq FROM tasks t WHERE ${READY} AND t.seq <> ALL($2::bigint[]) ${condition}
      ORDER BY t.rank, t.seq LIMIT $1 FOR UPDATE OF t SKIP LOCKED`;
    const { rows } = await this.connection.query<Head>(name, sql, values);
    return rows.map(({ seq }) => seq);
  }

  /** So many groups match that the next ready task of all is likely to be in one of them. */
  private scan(
    where: string,
    parameters: readonly string[],
    limit: number,
    taken: ReadonlySet<number>,
  ): Promise<readonly number[]> {
    const condition = numbered(
      `AND t.group_id IN (SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
        WHERE g.ready > 0 AND ${where})`,
      3,
    );
    return this.inOrder(nameFor('scan', where), condition, [limit, [...taken], ...parameters]);
  }

  /**
   * Reads the heads of all groups without locking, then locks the best of them only. Goes on behind those that other
   * instances were quicker with: the cost follows how many they hold, never what waits.
   */
  private async merged(
    groups: readonly number[],
    limit: number,
    taken: ReadonlySet<number>,
  ): Promise<number[]> {
    const locked: number[] = [];
    let [after, size] = [START, limit];
    while (locked.length < limit) {
      const values = [size, [...taken], groups, after.rank, after.seq];
      const { rows: heads } = await this.connection.query<Head>('claim-heads', HEADS, values);
      const last = heads.at(-1);
      if (last === undefined) break;
      const seqs = heads.map(({ seq }) => seq);
      const got = await this.connection.query<Head>('claim-lock', LOCK, [seqs, limit - locked.length]);
      locked.push(...got.rows.map(({ seq }) => seq));
      if (heads.length < size) break;
      after = last;
      size = Math.max(limit - locked.length, MORE_HEADS);
    }
    return locked;
  }
}

/** The name of a statement that a filter makes. PostgreSQL looks at 63 bytes only, and filters differ behind them. */
function nameFor(kind: string, where: string): string {
  return `${kind} ${createHash('sha256').update(where).digest('base64url')}`;
}

const BEHIND = `t.seq <> ALL($2::bigint[]) AND (t.rank, t.seq) > ($4::smallint, $5::bigint)`;
/** Of no other groups than those whose first is among the wanted. */
const HEADS = `SELECT h.seq, h.rank FROM (
    SELECT g.id FROM unnest($3::int[]) AS g(id) CROSS JOIN LATERAL (${headsOf('1')}) f ORDER BY f.rank, f.seq LIMIT $1
  ) g CROSS JOIN LATERAL (${headsOf('$1')}) h ORDER BY h.rank, h.seq LIMIT $1`;
const LOCK = `SELECT t.seq FROM tasks t WHERE ${READY} AND t.seq = ANY($1::bigint[])
  ORDER BY t.rank, t.seq LIMIT $2 FOR UPDATE OF t SKIP LOCKED`;

function headsOf(limit: string): string {
  return `SELECT t.seq, t.rank FROM tasks t WHERE ${READY} AND t.group_id = g.id AND ${BEHIND}
    ORDER BY t.rank, t.seq LIMIT ${limit}`;
}
