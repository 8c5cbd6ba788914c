import { cancelUnfinished, type Task } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { TaskStore } from '../ports/task-store';

/** Which task to give up, and why. */
export interface CancelTaskInput {
  readonly taskId: string;
  readonly reason?: string | undefined;
  /** Takes working and failed tasks too; default false. */
  readonly force?: boolean | undefined;
  /** Takes every task that has not ended yet, and no failed one; goes before `force`. Default false. */
  readonly unfinished?: boolean | undefined;
}

/** Gives a task up. */
export class CancelTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly audit: AuditLog,
  ) {}

  execute(input: CancelTaskInput, call: Call): Promise<Task> {
    const action = input.force === true ? 'task.force_cancel' : 'task.cancel';
    return audited(this.audit, call, { action, target: input.taskId }, () => this.oneOfMany(input, call));
  }

  /** The same as a part of something larger, which is written down as a whole. */
  oneOfMany(
    { taskId, reason = '', force = false, unfinished = false }: CancelTaskInput,
    { actor, signal, idempotency }: Call,
  ): Promise<Task> {
    return this.tasks.update(
      taskId,
      (task, now) =>
        unfinished
          ? cancelUnfinished(task, reason || null, actor, now)
          : task.cancel(reason || null, force, actor, now),
      signal,
      idempotency,
    );
  }
}
