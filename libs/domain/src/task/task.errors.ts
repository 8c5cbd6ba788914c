import { DomainError } from '../domain-error';
import type { Violation } from '../rules/rule';
import type { TaskCommand, TaskStatus } from './task-status';

/** Fields that break their rules; nothing was stored. */
export class InvalidTask extends DomainError {
  readonly code = 'task.invalid';
  constructor(readonly violations: readonly Violation[]) {
    super(`invalid: ${violations.map(({ field, reason }) => `${field} ${reason}`).join(', ')}`);
  }
}

/** No task has this id. */
export class TaskNotFound extends DomainError {
  readonly code = 'task.not_found';
  constructor(readonly taskId: string) {
    super(`no task ${taskId}`);
  }
}

/** A command that the task's state, or somebody else's hold on it, does not allow. Nothing was changed. */
export abstract class TaskConflict extends DomainError {
  constructor(
    readonly taskId: string,
    readonly status: TaskStatus,
    readonly command: TaskCommand | 'renew',
  ) {
    super(`cannot ${command} task ${taskId}: it is ${status}`);
  }
}

/** The caller does not hold the task (any more): another token or another worker does, or the lease ended. */
export class LeaseLost extends TaskConflict {
  readonly code = 'task.lease_lost';
}

/** The task was cancelled while its worker worked. */
export class TaskCancelled extends TaskConflict {
  readonly code = 'task.cancelled';
}

/** The task is completed or cancelled: nothing moves it on. */
export class TaskAlreadyFinal extends TaskConflict {
  readonly code = 'task.already_final';
}

/** The task ended so long ago that it was archived: it can be read, and nothing changes it any more. */
export class TaskArchived extends TaskConflict {
  readonly code = 'task.archived';
}

/** The command needs a task that somebody works on. */
export class TaskNotWorking extends TaskConflict {
  readonly code = 'task.not_working';
}

/** The command needs a task that waits. */
export class TaskNotWaiting extends TaskConflict {
  readonly code = 'task.not_waiting';
}

/** Only a failed task can be retried. */
export class TaskNotFailed extends TaskConflict {
  readonly code = 'task.not_failed';
}

/** The task has used up its retries. */
export class RetriesExhausted extends TaskConflict {
  readonly code = 'task.retries_exhausted';
  constructor(
    taskId: string,
    readonly maxRetries: number,
  ) {
    super(taskId, 'failed', 'retry');
  }
}

/** The prompt that a worker names is not the task's. */
export class PromptMismatch extends DomainError {
  readonly code = 'task.prompt_mismatch';
  constructor(
    readonly similarity: number,
    readonly threshold: number,
  ) {
    super(`prompt similarity ${similarity.toFixed(3)}, needed ${threshold}`);
  }
}

/** A prompt without a letter or digit. */
export class PromptSaysNothing extends DomainError {
  readonly code = 'task.prompt_says_nothing';
  constructor() {
    super('the prompt has no letter or digit');
  }
}

/** A prompt of fewer words than the operator asks for. */
export class PromptTooShort extends DomainError {
  readonly code = 'task.prompt_too_short';
  constructor(
    readonly words: number,
    readonly minWords: number,
  ) {
    super(`the prompt has ${words} words, needed ${minWords}`);
  }
}

/** As many tasks wait as the operator allows. */
export class QueueFull extends DomainError {
  readonly code = 'queue.full';
  constructor(readonly maxWaiting: number) {
    super(`${maxWaiting} tasks wait already`);
  }
}

/** As many tasks wait for the service itself as it may promise to run. */
export class ExecutorFull extends DomainError {
  readonly code = 'executor.full';
  constructor(readonly maxWaiting: number) {
    super(`${maxWaiting} tasks wait for the executor already`);
  }
}

/** There is too little memory left for anything but the work that is there. */
export class QueueOverloaded extends DomainError {
  readonly code = 'queue.overloaded';
  constructor() {
    super('memory is short');
  }
}
