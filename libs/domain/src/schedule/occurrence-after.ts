import type { EpochMs } from '../task/epoch-ms';
import type { Recurrence } from './recurrence';
import type { Rhythm } from './schedule';

/** When a rhythm comes next, strictly after a time; null when it never does again. */
export function occurrenceAfter(rhythm: Rhythm, after: EpochMs, recurrence: Recurrence): EpochMs | null {
  const { cron, intervalSeconds, timeZone, anchorAt } = rhythm;
  if (cron !== null) return recurrence.next(cron, timeZone, after);
  if (intervalSeconds === null) return null;
  const intervalMs = intervalSeconds * 1000;
  const passed = Math.floor((after - anchorAt) / intervalMs);
  return anchorAt + (Math.max(0, passed) + 1) * intervalMs;
}
