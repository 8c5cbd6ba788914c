import { changedSchedule, type Recurrence, type Schedule, type ScheduleChanges } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { ScheduleStore } from '../ports/schedule-store';
import type { CreateTasks } from '../tasks/create-tasks';
import { rhythmTold } from './rhythm-told';
import { requireGoodTemplate } from './template-faults';

/** Changes a schedule, pauses it, or lets it go on. */
export class ChangeSchedule {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly recurrence: Recurrence,
    private readonly createTasks: CreateTasks,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ScheduleNotFound, InvalidSchedule, ScheduleNameTaken, PromptSaysNothing, PromptTooShort */
  execute(scheduleId: string, changes: ScheduleChanges, call: Call): Promise<Schedule> {
    const { actor } = call;
    const asked = { ...(changes.name !== undefined && { renamed_to: changes.name }), ...rhythmTold(changes) };
    const outcome = ({ name }: Schedule): object => ({ details: { name } });
    const what = { action: 'schedule.change', target: scheduleId, details: asked, outcome } as const;
    return audited(this.audit, call, what, async () => {
      if (changes.task !== undefined) requireGoodTemplate(changes.task, actor, this.createTasks);
      return this.schedules.change(scheduleId, (schedule, now) =>
        changedSchedule(schedule, changes, { actor, now }, this.recurrence),
      );
    });
  }
}
