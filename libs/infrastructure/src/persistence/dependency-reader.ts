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

/** What fits is added up in order of arrival; a result beyond the bound is not even read from its pages. */
const DEPENDENCIES = `
  SELECT of_id, id, status, settled, bytes,
         CASE WHEN bytes <= ? AND total <= ? THEN (SELECT result FROM task_bodies WHERE seq = on_seq) END AS result
  FROM (SELECT t.id AS of_id, o.id, o.status, d.settled, d.on_seq, COALESCE(octet_length(b.result), 0) AS bytes,
               SUM(CASE WHEN octet_length(b.result) <= ? THEN octet_length(b.result) ELSE 0 END)
                 OVER (PARTITION BY d.seq ORDER BY d.on_seq) AS total
        FROM tasks t JOIN task_dependencies d ON d.seq = t.seq JOIN tasks o ON o.seq = d.on_seq
        JOIN task_bodies b ON b.seq = o.seq
        WHERE t.id IN (`;

/** Reads who waits for whom. */
export class DependencyReader {
  constructor(private readonly questions: SqlQuestions) {}

  async dependenciesOf(
    ids: readonly string[],
    resultBytes: number,
  ): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    const known = ids.filter(isUuid).map((id) => id.toLowerCase());
    if (known.length === 0) return new Map();
    const rows = await this.questions.ask<DependencyRow>(
      `${DEPENDENCIES}${known.map(() => '?').join(', ')})) AS found ORDER BY on_seq`,
      [resultBytes, resultBytes, resultBytes, ...known.map((id) => this.parameterOf(id))],
    );
    return new Map(
      [...Map.groupBy(rows, (row) => textOf(row.of_id))].map(([id, of]) => [id, of.map(dependencyFrom)]),
    );
  }

  async dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]> {
    if (!isUuid(id)) return [];
    const rows = await this.questions.ask<DependentRow>(
      `SELECT d.seq, w.id, w.status, d.settled FROM task_dependencies d JOIN tasks w ON w.seq = d.seq
       WHERE d.on_seq = (SELECT seq FROM tasks WHERE id = ?) AND d.seq > ? ORDER BY d.seq LIMIT ?`,
      [this.parameterOf(id.toLowerCase()), after, limit],
    );
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
