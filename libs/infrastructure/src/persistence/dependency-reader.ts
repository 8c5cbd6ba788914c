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
  readonly settled: number;
}

interface DependentRow {
  readonly seq: number;
  readonly id: string | Buffer;
  readonly status: number;
  readonly settled: number;
}

/** Reads who waits for whom. */
export class DependencyReader {
  constructor(private readonly questions: SqlQuestions) {}

  async dependenciesOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    const known = ids.filter(isUuid).map((id) => id.toLowerCase());
    if (known.length === 0) return new Map();
    const rows = await this.questions.ask<DependencyRow>(
      `${dependenciesIn('tasks', known.length)} UNION ALL ${dependenciesIn('archived_tasks', known.length)}
       ORDER BY place`,
      [...known, ...known].map((id) => this.parameterOf(id)),
    );
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

/** What tasks of one table depend on, archived or not. */
function dependenciesIn(table: string, ids: number): string {
  return `SELECT d.on_seq AS place, t.id AS of_id, coalesce(o.id, a.id) AS id, coalesce(o.status, a.status) AS status,
      coalesce(b.result, a.result) AS result, d.settled
    FROM ${table} t JOIN task_dependencies d ON d.seq = t.seq
      LEFT JOIN tasks o ON o.seq = d.on_seq LEFT JOIN task_bodies b ON b.seq = o.seq
      LEFT JOIN archived_tasks a ON a.seq = d.on_seq
    WHERE t.id IN (${Array.from({ length: ids }, () => '?').join(', ')})`;
}

const DEPENDENTS = `SELECT d.seq, coalesce(w.id, a.id) AS id, coalesce(w.status, a.status) AS status, d.settled
  FROM task_dependencies d LEFT JOIN tasks w ON w.seq = d.seq LEFT JOIN archived_tasks a ON a.seq = d.seq
  WHERE d.on_seq = coalesce((SELECT seq FROM tasks WHERE id = ?), (SELECT seq FROM archived_tasks WHERE id = ?))
    AND d.seq > ? ORDER BY d.seq LIMIT ?`;

function dependencyFrom({ id, status, result, settled }: DependencyRow): Dependency {
  return {
    taskId: textOf(id),
    status: statusOf(status),
    result: result === null ? null : JsonDocument.fromText(result),
    isSettled: settled === 1,
  };
}

function textOf(id: string | Buffer): string {
  return typeof id === 'string' ? id : uuidOf(id);
}
