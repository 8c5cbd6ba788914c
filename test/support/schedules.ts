import { Recurrence, type EpochMs, type Schedule, type ScheduleDraft } from '@task/domain';
import { ACTOR, NOW } from './builders';
import { uuid } from './counted-ids';

const HOUR_MS = 3_600_000;

/** An expression that is understood and never comes. */
export const NEVER = '0 0 30 2 *';

/** A calendar in which every expression of digits and signs comes at each full hour. */
export class HourlyRecurrence extends Recurrence {
  override understands(cron: string): boolean {
    return /^[\d*/, -]+$/.test(cron);
  }

  override next(cron: string, _timeZone: string, after: EpochMs): EpochMs | null {
    return cron === NEVER ? null : (Math.floor(after / HOUR_MS) + 1) * HOUR_MS;
  }
}

export function scheduleDraft(changes: Partial<ScheduleDraft> = {}): ScheduleDraft {
  return {
    name: 'nightly',
    cron: '0 * * * *',
    task: { workDirectory: '/srv/reports', prompt: 'write the report' },
    ...changes,
  };
}

export function schedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    ...{ id: uuid(0x5c_0000), name: 'nightly', cron: '0 * * * *', intervalSeconds: null, timeZone: 'UTC' },
    ...{ anchorAt: NOW, task: { workDirectory: '/srv/reports', prompt: 'write the report' } },
    ...{ missed: 'once', isEnabled: true, nextAt: NOW + HOUR_MS, lastAt: null, lastTaskId: null },
    ...{ lastError: null, createdAt: NOW, createdBy: ACTOR, updatedAt: NOW, updatedBy: ACTOR, version: 1 },
    ...changes,
  };
}
