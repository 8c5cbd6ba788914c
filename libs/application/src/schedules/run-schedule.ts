import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { ScheduleStore } from '../ports/schedule-store';
import type { ScheduledRuns } from './scheduled-runs';

/** Lets a schedule make a task now, also one that is not enabled. Its next occurrence stays. */
export class RunSchedule {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly runs: ScheduledRuns,
  ) {}

  /** @throws ScheduleNotFound, IdempotencyKeyReused, and what is thrown for any new task */
  async execute(scheduleId: string, { actor, signal, idempotency }: Call): Promise<Task> {
    const [task] = await this.schedules.run(
      scheduleId,
      (schedule, now, waiting) => this.runs.asked(schedule, now, waiting, actor),
      signal,
      idempotency,
    );
    if (task === undefined) throw new Error('a schedule that ran has made no task');
    return task;
  }
}
