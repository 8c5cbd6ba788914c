import type { DependencyPolicy } from '@task/domain';
import { policyCode } from '../codes';
import type { DependencyWrites } from '../tables';
import { columnsOf, insertSql, unnested, type ColumnTypes } from './bulk';
import type { PostgresConnection } from './postgres-connection';

/** Who waits for whom. */
export class PostgresDependencies {
  constructor(private readonly connection: PostgresConnection) {}

  /** Locked, so that no other instance counts them for the same dependents, or makes something else of them meanwhile. */
  async ended(limit: number): Promise<readonly number[]> {
    const { rows } = await this.connection.query<{ seq: number }>('ended', ENDED, [limit]);
    return rows.map(({ seq }) => seq);
  }

  /** What another instance has locked is told by it, or by a later step. */
  async dependents(
    onSeq: number,
    policies: readonly DependencyPolicy[],
    limit: number,
  ): Promise<readonly number[]> {
    const values = [onSeq, policies.map(policyCode), limit];
    const { rows } = await this.connection.query<{ seq: number }>('dependents', DEPENDENTS, values);
    return rows.map(({ seq }) => seq);
  }

  async write({ added, settled, ended, told }: DependencyWrites): Promise<void> {
    if (added.length > 0) {
      const rows = added.map(({ seq, onSeq, onFailure, isSettled }) => [
        ...[seq, onSeq],
        ...[policyCode(onFailure), isSettled ? 1 : 0],
      ]);
      await this.connection.query('add-dependencies', ADD, columnsOf(rows, EDGE));
    }
    if (settled.length > 0) {
      const rows = settled.map(({ seq, onSeq }) => [seq, onSeq]);
      await this.connection.query('settle-dependencies', SETTLE, columnsOf(rows, PAIR));
    }
    for (const { seq, policies } of told) {
      await this.connection.query('told', TOLD, [seq, policies.map(policyCode)]);
    }
    if (ended.length > 0) await this.connection.query('add-ended', ADD_ENDED, [ended]);
  }
}

const EDGE: ColumnTypes = { seq: 'bigint', on_seq: 'bigint', on_failure: 'smallint', settled: 'smallint' };
const PAIR: ColumnTypes = { seq: 'bigint', on_seq: 'bigint' };

const ADD = insertSql('task_dependencies', EDGE, 'ON CONFLICT DO NOTHING');
const SETTLE = `UPDATE task_dependencies d SET settled = 1 FROM ${unnested(PAIR)}
  WHERE d.seq = v.seq AND d.on_seq = v.on_seq`;
const ADD_ENDED = `INSERT INTO ended_dependencies (seq) SELECT unnest($1::bigint[]) ORDER BY 1 ON CONFLICT DO NOTHING`;
const TOLD = `DELETE FROM ended_dependencies e WHERE e.seq = $1 AND NOT EXISTS (SELECT 1 FROM task_dependencies d
  WHERE d.on_seq = $1 AND d.settled = 0 AND d.on_failure = ANY($2::smallint[]))`;
const ENDED = `SELECT t.seq FROM ended_dependencies e JOIN tasks t ON t.seq = e.seq
  ORDER BY e.seq LIMIT $1 FOR UPDATE OF t SKIP LOCKED`;
const DEPENDENTS = `SELECT t.seq FROM task_dependencies d JOIN tasks t ON t.seq = d.seq
  WHERE d.on_seq = $1 AND d.settled = 0 AND d.on_failure = ANY($2::smallint[])
  ORDER BY d.seq LIMIT $3 FOR UPDATE OF t SKIP LOCKED`;
