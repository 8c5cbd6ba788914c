import type Sqlite from 'better-sqlite3';
import type { EpochMs } from '@task/domain';
import { prepare } from './prepare';

/**
 * Ends every lease, slot and time-out no later than if it began now. Whoever sets the clock back while nobody serves
 * would have tasks of dead workers wait until the old time has come again; live workers renew as ever.
 */
export function boundLeases(db: Sqlite.Database, now: EpochMs): void {
  for (const sql of [EXPIRIES, SLOTS, TIMEOUTS]) prepare<[{ now: EpochMs }], never>(db, sql).run({ now });
}

const EXPIRIES = `UPDATE leases SET expires_at = @now + length_ms
  WHERE ended_by IS NULL AND expires_at > @now AND expires_at - length_ms > @now`;
const SLOTS = `UPDATE leases SET slot_until = @now + length_ms
  WHERE slot_until IS NOT NULL AND slot_until > @now AND slot_until - length_ms > @now`;
const TIMEOUTS = `UPDATE leases SET timeout_at = @now + t.timeout_seconds * 1000 FROM tasks t
  WHERE t.seq = leases.seq AND ended_by IS NULL AND timeout_at IS NOT NULL AND timeout_at > @now
  AND timeout_at - t.timeout_seconds * 1000 > @now`;
