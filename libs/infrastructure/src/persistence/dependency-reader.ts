import type { Dependency, Dependent } from '@task/application';
import { JsonDocument } from '@task/domain';
import { statusOf } from './codes';
import type { SqlQuestions } from './sql-questions';
import { blobOf, uuidOf } from './sqlite/uuid-blob';
import { isUuid } from './uuid-text';

interface DependencyRow {
  readonly of_id: string | Buffer;
  readonly id: string | Buffer;
  readonly status: number;
  readonly result: string | null;
  readonly bytes: number;
  readonly settled: number;
}

interface DependentRow {
  readonly seq: number;
  readonly id: string | Buffer;
  readonly status: number;
  readonly settled: number;
}

/** What tasks of one table depend on, archived or not. */
function dependenciesIn(table: string, ids: number): string {
  return `SELECT t.id AS of_id, coalesce(o.id, a.id) AS id, coalesce(o.status, a.status) AS status, d.settled, d.seq,
      d.on_seq, coalesce(octet_length(b.result), octet_length(a.result), 0) AS bytes
    FROM ${table} t JOIN task_dependencies d ON d.seq = t.seq
      LEFT JOIN tasks o ON o.seq = d.on_seq LEFT JOIN task_bodies b ON b.seq = o.seq
      LEFT JOIN archived_tasks a ON a.seq = d.on_seq
    WHERE t.id IN (${Array.from({ length: ids }, () => '?').join(', ')})`;
}

/** What fits is added up in order of arrival; a result beyond the bound is not even read from its pages. */
function dependenciesOf(ids: number): string {
  return `SELECT of_id, id, status, settled, bytes,
      CASE WHEN bytes <= ? AND total <= ? THEN coalesce((SELECT result FROM task_bodies WHERE seq = on_seq),
        (SELECT result FROM archived_tasks WHERE seq = on_seq)) END AS result
    FROM (SELECT found.*, SUM(CASE WHEN bytes <= ? THEN bytes ELSE 0 END)
        OVER (PARTITION BY seq ORDER BY on_seq) AS total
      FROM (${dependenciesIn('tasks', ids)} UNION ALL ${dependenciesIn('archived_tasks', ids)}) AS found) AS summed
    ORDER BY on_seq`;
}

const DEPENDENTS = `SELECT d.seq, coalesce(w.id, a.id) AS id, coalesce(w.status, a.status) AS status, d.settled
  FROM task_dependencies d LEFT JOIN tasks w ON w.seq = d.seq LEFT JOIN archived_tasks a ON a.seq = d.seq
  WHERE d.on_seq = coalesce((SELECT seq FROM tasks WHERE id = ?), (SELECT seq FROM archived_tasks WHERE id = ?))
    AND d.seq > ? ORDER BY d.seq LIMIT ?`;

/** Reads who waits for whom. */
export class DependencyReader {
  constructor(private readonly questions: SqlQuestions) {}

  async dependenciesOf(
    ids: readonly string[],
    resultBytes: number,
  ): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    const known = ids.filter(isUuid).map((id) => id.toLowerCase());
    if (known.length === 0) return new Map();
    const rows = await this.questions.ask<DependencyRow>(dependenciesOf(known.length), [
      ...[resultBytes, resultBytes, resultBytes],
      ...[...known, ...known].map((id) => this.parameterOf(id)),
    ]);
    return new Map(
      [...Map.groupBy(rows, (row) => textOf(row.of_id))].map(([id, of]) => [id, of.map(dependencyFrom)]),
    );
  }

  async dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]> {
    if (!isUuid(id)) return [];
    const rows = await this.questions.ask<DependentRow>(DEPENDENTS, [
      ...[id, id].map((each) => this.parameterOf(each.toLowerCase())),
      after,
      limit,
    ]);
    return rows.map((row) => ({
      place: row.seq,
      taskId: textOf(row.id),
      status: statusOf(row.status),
      isSettled: row.settled === 1,
    }));
  }

  private parameterOf(id: string): string | Buffer {
    return this.questions.isPostgres ? id : blobOf(id);
  }
}

function dependencyFrom({ id, status, result, bytes, settled }: DependencyRow): Dependency {
  return {
    taskId: textOf(id),
    status: statusOf(status),
    result: result === null ? null : JsonDocument.fromText(result),
    resultBytes: bytes,
    isSettled: settled === 1,
  };
}

function textOf(id: string | Buffer): string {
  return typeof id === 'string' ? id : uuidOf(id);
}
