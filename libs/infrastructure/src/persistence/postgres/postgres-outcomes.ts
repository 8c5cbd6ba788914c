import type { EpochMs } from '@task/domain';
import type { KeptOutcome } from '../commands';
import { columnsOf, upsertSql, type ColumnTypes } from './bulk';
import type { PostgresConnection } from './postgres-connection';

/** Outcomes kept under idempotency keys. */
export class PostgresOutcomes {
  constructor(private readonly connection: PostgresConnection) {}

  /**
   * What is kept under keys. Takes their locks first, in one order on all instances: who comes second with a key waits
   * until the first is committed, and then finds its outcome.
   */
  async recall(keys: readonly string[], now: EpochMs): Promise<readonly KeptOutcome[]> {
    await this.connection.query('lock-keys', LOCK, [keys]);
    const { rows } = await this.connection.query<KeptOutcome>('recall', RECALL, [keys, now]);
    return rows;
  }

  async keep(outcomes: readonly KeptOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const rows = outcomes.map(({ key, fingerprint, outcome, expiresAt }) => [
      key,
      fingerprint,
      outcome,
      expiresAt,
    ]);
    await this.connection.query('keep-outcomes', KEEP, columnsOf(rows, OUTCOME));
  }

  async forget(now: EpochMs, limit: number): Promise<number> {
    return (await this.connection.query('forget-outcomes', FORGET, [now, limit])).count;
  }
}

const OUTCOME: ColumnTypes = { key: 'text', fingerprint: 'text', outcome: 'text', expires_at: 'bigint' };
const LOCK = `SELECT pg_advisory_xact_lock(h) FROM
  (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest($1::text[]) AS k ORDER BY 1) AS locks`;
const RECALL = `SELECT key, fingerprint, outcome, expires_at AS "expiresAt" FROM idempotency
  WHERE key = ANY($1::text[]) AND expires_at > $2`;
const KEEP = upsertSql('idempotency', 'key', OUTCOME);
const FORGET = `DELETE FROM idempotency WHERE key IN
  (SELECT key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;
