import type { ScheduleChanges } from '@task/domain';

/** What the audit log tells of a rhythm that somebody asked for. */
export function rhythmTold({ cron, intervalSeconds, timeZone, isEnabled }: ScheduleChanges): object {
  return {
    ...(cron !== undefined && { cron }),
    ...(intervalSeconds !== undefined && { interval_seconds: intervalSeconds }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(isEnabled !== undefined && { enabled: isEnabled }),
  };
}
