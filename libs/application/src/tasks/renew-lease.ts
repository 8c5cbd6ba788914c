import type { Proof, Task } from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { requireToken } from './require-token';

/** A holder's sign of life, with or without news. */
export interface RenewLeaseInput {
  readonly taskId: string;
  readonly proof: Proof;
  /** 0–100; a lower value than before is fine, work can be done again. */
  readonly progress?: number | undefined;
  /** Absent leaves the message as it was. */
  readonly message?: string | undefined;
}

/** Keeps a task with its worker for another length of its lease, and takes down how far it is. */
export class RenewLease {
  constructor(
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  async execute({ taskId, proof, progress, message }: RenewLeaseInput, call: Call): Promise<Task> {
    requireToken(proof, this.policy);
    const report = {
      ...(progress !== undefined && { progress }),
      ...(message !== undefined && { message: message === '' ? null : message }),
    };
    return this.tasks.update(
      taskId,
      (task, now) => task.renew(report, proof, now),
      call.signal,
      call.idempotency,
    );
  }
}
