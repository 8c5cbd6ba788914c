import type Sqlite from 'better-sqlite3';
import type { DependencyPolicy } from '@task/domain';
import { policyCode } from '../codes';
import type { DependencyWrites } from '../tables';
import { prepare } from './prepare';

/** Who waits for whom. */
export class SqliteDependencies {
  private readonly add: Sqlite.Statement<[number, number, number, number]>;
  private readonly settle: Sqlite.Statement<[number, number]>;
  private readonly end: Sqlite.Statement<[number]>;
  private readonly forget: Sqlite.Statement<[number, number, string]>;
  private readonly selectEnded: Sqlite.Statement<[number], { seq: number }>;
  private readonly selectOpen: Sqlite.Statement<[number, number, number], { seq: number }>;

  constructor(db: Sqlite.Database) {
    this.add = prepare(
      db,
      'INSERT OR IGNORE INTO task_dependencies (seq, on_seq, on_failure, settled) VALUES (?, ?, ?, ?)',
    );
    this.settle = prepare(db, 'UPDATE task_dependencies SET settled = 1 WHERE seq = ? AND on_seq = ?');
    this.end = prepare(db, 'INSERT OR IGNORE INTO ended_dependencies (seq) VALUES (?)');
    this.forget = prepare(
      db,
      `DELETE FROM ended_dependencies WHERE seq = ? AND NOT EXISTS (SELECT 1 FROM task_dependencies
       WHERE on_seq = ? AND settled = 0 AND on_failure IN (SELECT value FROM json_each(?)))`,
    );
    this.selectEnded = prepare(db, 'SELECT seq FROM ended_dependencies ORDER BY seq LIMIT ?');
    this.selectOpen = prepare(
      db,
      `SELECT seq FROM task_dependencies INDEXED BY task_dependencies_open
       WHERE on_seq = ? AND on_failure = ? AND settled = 0 ORDER BY seq LIMIT ?`,
    );
  }

  ended(limit: number): readonly number[] {
    return this.selectEnded.all(limit).map(({ seq }) => seq);
  }

  dependents(onSeq: number, policies: readonly DependencyPolicy[], limit: number): readonly number[] {
    const found = policies.flatMap((policy) => this.selectOpen.all(onSeq, policyCode(policy), limit));
    return found
      .map(({ seq }) => seq)
      .sort((left, right) => left - right)
      .slice(0, limit);
  }

  write({ added, settled, ended, told }: DependencyWrites): void {
    for (const { seq, onSeq, onFailure, isSettled } of added) {
      this.add.run(seq, onSeq, policyCode(onFailure), isSettled ? 1 : 0);
    }
    for (const { seq, onSeq } of settled) this.settle.run(seq, onSeq);
    for (const { seq, policies } of told) {
      this.forget.run(seq, seq, JSON.stringify(policies.map(policyCode)));
    }
    for (const seq of ended) this.end.run(seq);
  }
}
