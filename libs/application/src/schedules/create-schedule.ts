import { newSchedule, type Recurrence, type Schedule, type ScheduleDraft } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { Ids } from '../ports/ids';
import type { ScheduleStore, StoredSchedule } from '../ports/schedule-store';
import type { CreateTasks } from '../tasks/create-tasks';
import { rhythmTold } from './rhythm-told';
import { requireGoodTemplate } from './template-faults';

/** Makes a schedule. */
export class CreateSchedule {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly ids: Ids,
    private readonly recurrence: Recurrence,
    private readonly createTasks: CreateTasks,
    private readonly audit: AuditLog,
  ) {}

  /** @throws InvalidSchedule, ScheduleNameTaken, PromptSaysNothing, PromptTooShort, IdempotencyKeyReused */
  async execute(draft: ScheduleDraft, call: Call): Promise<Schedule> {
    const details = { name: draft.name, ...rhythmTold(draft) };
    const outcome = ({ schedule: { id }, isReplay }: StoredSchedule): object => ({
      ...{ target: id, details: isReplay ? { replayed: true } : {} },
    });
    const what = { action: 'schedule.create', target: null, details, outcome } as const;
    const { schedule } = await audited(this.audit, call, what, () => this.make(draft, call));
    return schedule;
  }

  private async make(draft: ScheduleDraft, { actor, idempotency }: Call): Promise<StoredSchedule> {
    requireGoodTemplate(draft.task, actor, this.createTasks);
    const id = this.ids.scheduleId();
    const decide = (now: number): Schedule => newSchedule(draft, { id, actor, now }, this.recurrence);
    const stored = await this.schedules.create(decide, idempotency);
    if (stored.isReplay) idempotency?.onReplay();
    return stored;
  }
}
