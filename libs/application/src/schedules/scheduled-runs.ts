import {
  DomainError,
  dueOccurrence,
  heldUp,
  passedOver,
  QueueFull,
  QueueOverloaded,
  ran,
  refused,
  SCHEDULE_PREFIX,
  type Decision,
  type EpochMs,
  type Recurrence,
  type Schedule,
  type TransitionDetails,
} from '@task/domain';
import type { ScheduleRun } from '../ports/schedule-store';
import type { CreateTasks } from '../tasks/create-tasks';

/** Decides what a schedule makes, by the rules that hold for every new task. */
export class ScheduledRuns {
  constructor(
    private readonly createTasks: CreateTasks,
    private readonly recurrence: Recurrence,
  ) {}

  /**
   * What an occurrence makes that is due. What a rule refuses is remembered, and tried again with the next one; while
   * the queue is full, or memory is short, the occurrence stays due.
   */
  due(schedule: Schedule, now: EpochMs, waiting: number): ScheduleRun {
    const due = dueOccurrence(schedule, now, this.recurrence);
    if (due === null) return { schedule, tasks: [] };
    const { at, nextAt } = due;
    if (at === null) return { schedule: passedOver(schedule, nextAt), tasks: [] };
    try {
      const task = this.file(schedule, now, waiting, { scheduled_at: new Date(at).toISOString() });
      return { schedule: ran(schedule, task.task.id, now, nextAt), tasks: [task] };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const isHeldUp = error instanceof QueueFull || error instanceof QueueOverloaded;
      const after = isHeldUp ? heldUp(schedule, error, now) : refused(schedule, error, now, nextAt);
      return { schedule: after, tasks: [] };
    }
  }

  /** What somebody lets it make now; its next occurrence stays. @throws what is thrown for any new task */
  asked(schedule: Schedule, now: EpochMs, waiting: number, actor: string): ScheduleRun {
    const task = this.file(schedule, now, waiting, { run_by: actor });
    return { schedule: ran(schedule, task.task.id, now), tasks: [task] };
  }

  /** The task, whose first event tells where it comes from. */
  private file(schedule: Schedule, now: EpochMs, waiting: number, told: TransitionDetails): Decision {
    const { id, name, task } = schedule;
    const decision = this.createTasks.decideOne(task, SCHEDULE_PREFIX + name, now, waiting);
    const details = { schedule_id: id, schedule: name, ...told };
    return { ...decision, effects: decision.effects.map((effect) => ({ ...effect, details })) };
  }
}
