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
      `SELECT t.id AS of_id, o.id, o.status, b.result, d.settled FROM tasks t
       JOIN task_dependencies d ON d.seq = t.seq JOIN tasks o ON o.seq = d.on_seq
       JOIN task_bodies b ON b.seq = o.seq
       WHERE t.id IN (${known.map(() => '?').join(', ')}) ORDER BY d.on_seq`,
      known.map((id) => this.parameterOf(id)),
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
