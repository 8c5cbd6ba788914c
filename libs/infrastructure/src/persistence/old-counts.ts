import type { EpochMs } from '@task/domain';
import type { Upkeep } from './commands';
import { ALL_TYPES, BINNED_SPANS_MS } from './roll-ups';

const { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } = BINNED_SPANS_MS;
/** Statistics look back a day by the minute and 30 days by the hour; a clock that is set back may look further. */
const MINUTES_KEPT_MS = 3 * DAY_MS;
const HOURS_KEPT_MS = 40 * DAY_MS;
const EVERY_MS = MINUTE_MS;

/** Each takes the oldest ten hours, or the bins of the oldest ten minutes or hours: little enough for any group. */
const FORGETTING = [
  {
    name: 'forget-minutes',
    keptMs: MINUTES_KEPT_MS,
    sql: `DELETE FROM stat_minutes
      WHERE minute < ? AND minute < (SELECT min(minute) FROM stat_minutes) + ${10 * HOUR_MS}`,
  },
  { name: 'forget-minute-bins', keptMs: MINUTES_KEPT_MS, sql: forgetBins(MINUTE_MS) },
  { name: 'forget-hour-bins', keptMs: HOURS_KEPT_MS, sql: forgetBins(HOUR_MS) },
];

/** Forgets what was counted in more detail than any statistics look back to. */
export class OldCounts {
  private lookedAt: EpochMs = -Infinity;

  /** Does nothing more than once a minute. @returns whether it did */
  async forget(tables: Pick<Upkeep, 'query'>, now: EpochMs): Promise<boolean> {
    if (Math.abs(now - this.lookedAt) < EVERY_MS) return false;
    this.lookedAt = now;
    for (const { name, sql, keptMs } of FORGETTING) await tables.query(name, sql, [now - keptMs]);
    return true;
  }
}

function forgetBins(spanMs: number): string {
  const those = `task_type = '${ALL_TYPES}' AND span_ms = ${spanMs}`;
  return `DELETE FROM time_bins WHERE ${those} AND start < ?
    AND start < (SELECT min(start) FROM time_bins WHERE ${those}) + ${10 * spanMs}`;
}
