import type Sqlite from 'better-sqlite3';
import type { EpochMs } from '@task/domain';
import type { KeptOutcome } from '../commands';
import { prepare } from './prepare';

/** Outcomes kept under idempotency keys. */
export class SqliteOutcomes {
  private readonly find: Sqlite.Statement<[string, number], KeptOutcome>;
  private readonly put: Sqlite.Statement<[string, string, string, number]>;
  private readonly remove: Sqlite.Statement<[number, number]>;

  constructor(db: Sqlite.Database) {
    this.find = prepare(
      db,
      `SELECT key, fingerprint, outcome, expires_at AS expiresAt FROM idempotency WHERE key = ? AND expires_at > ?`,
    );
    this.put = prepare(
      db,
      'INSERT OR REPLACE INTO idempotency (key, fingerprint, outcome, expires_at) VALUES (?, ?, ?, ?)',
    );
    this.remove = prepare(
      db,
      `DELETE FROM idempotency WHERE key IN
        (SELECT key FROM idempotency WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
    );
  }

  recall(keys: readonly string[], now: EpochMs): readonly KeptOutcome[] {
    return keys.flatMap((key) => this.find.all(key, now));
  }

  keep(outcomes: readonly KeptOutcome[]): void {
    for (const { key, fingerprint, outcome, expiresAt } of outcomes)
      this.put.run(key, fingerprint, outcome, expiresAt);
  }

  forget(now: EpochMs, limit: number): number {
    return this.remove.run(now, limit).changes;
  }
}
