import { ScheduleNotFound, type Schedule } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { ScheduleStore } from '../ports/schedule-store';

/** Takes a schedule away. The tasks that it has made stay. */
export class DeleteSchedule {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly audit: AuditLog,
  ) {}

  /** @returns what it was. @throws ScheduleNotFound, StoreUnavailable */
  execute(scheduleId: string, call: Call): Promise<Schedule> {
    const outcome = ({ name }: Schedule): object => ({ details: { name } });
    const what = { action: 'schedule.delete', target: scheduleId, outcome } as const;
    return audited(this.audit, call, what, async () => {
      const schedule = await this.schedules.remove(scheduleId);
      if (schedule === null) throw new ScheduleNotFound(scheduleId);
      return schedule;
    });
  }
}
