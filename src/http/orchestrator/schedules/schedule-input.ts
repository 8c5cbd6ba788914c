import type { ScheduleChanges, ScheduleDraft } from '@task/domain';
import { templateOf } from '../to-input';
import type { ChangeScheduleBody, CreateScheduleBody } from './schedule.bodies';

/** What a new schedule is asked to be. */
export function scheduleDraftOf(body: CreateScheduleBody): ScheduleDraft {
  const { name, task } = body;
  return { ...scheduleChangesOf(body), name, task: templateOf(task) };
}

/** What is asked to be changed of a schedule. */
export function scheduleChangesOf(body: ChangeScheduleBody): ScheduleChanges {
  const { name, cron, interval_seconds: intervalSeconds, time_zone: timeZone, missed, enabled, task } = body;
  return {
    ...(name !== undefined && { name }),
    ...(cron !== undefined && { cron }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(timeZone !== undefined && { timeZone }),
    ...(missed !== undefined && { missed }),
    ...(enabled !== undefined && { isEnabled: enabled }),
    ...(task !== undefined && { task: templateOf(task) }),
  };
}
