import type { Task, TaskCommand, TaskStatus } from '@task/domain';
import type { CountedKey } from '../../support/counted-key';
import { ModelMemory, type ModelKey } from './model-memory';
import {
  endOf,
  refusalOf,
  toldOf,
  type ModelEvent,
  type ModelTask,
  type Outcome,
  type Shown,
  type Told,
} from './model-task';

/** What a creator asks for in the model. */
export type ModelDraft = Pick<
  ModelTask,
  'id' | 'priority' | 'taskType' | 'maxRetries' | 'autoRetry' | 'timeoutSeconds' | 'availableAt'
>;

/** On what terms a claim is made; tokens are those that the store gave. */
export interface ModelClaim {
  readonly taskTypes: readonly string[] | null;
  readonly limit: number;
  readonly worker: string | null;
  readonly lengthMs: number;
  readonly tokens: readonly string[];
}

/** How a claim ends, as its worker says. */
export type ModelEnd =
  | { readonly command: 'complete'; readonly result: string | null }
  | { readonly command: 'fail'; readonly errorMessage: string; readonly retryable: boolean }
  | { readonly command: 'release' };

/** A client's request, ready to be sent: now, and under the same key again. */
export interface ModelRequest {
  readonly key: ModelKey | null;
  readonly send: (key?: CountedKey) => Promise<readonly Task[]>;
  /** What the model makes of it. @param told what the store answered, for what only the store can know */
  readonly expected: (now: number, told: readonly Told[]) => Outcome;
}

/**
 * A queue in a few plain rules, written apart from the domain: what a store must be in after each command, and what it
 * must have answered.
 */
export class ModelQueue {
  /** In order of arrival. */
  readonly tasks: ModelTask[] = [];
  readonly events: ModelEvent[] = [];
  /** Requests that came under a key, in their order. */
  readonly sent: ModelRequest[] = [];
  readonly memory = new ModelMemory((id) => this.find(id));

  /** @param backoffMs what a task that retries itself waits after so many retries */
  constructor(private readonly backoffMs: (retryCount: number) => number) {}

  find(id: string): ModelTask | undefined {
    return this.tasks.find((task) => task.id === id);
  }

  create(drafts: readonly ModelDraft[], now: number): Outcome {
    const tasks = drafts.map((draft): ModelTask => {
      const gate = draft.availableAt !== null && draft.availableAt > now ? 'scheduled' : 'ready';
      return {
        ...{ ...draft, status: 'waiting', gate, retryCount: 0, version: 0, lease: null, tokens: [] },
        ...{ result: null, errorMessage: null },
      };
    });
    for (const task of tasks) {
      this.tasks.push(task);
      this.log(task, 'create', null, 'waiting');
    }
    return { ok: tasks.map(toldOf) };
  }

  /** Those that came due are ready from now on, also when the clock is set back. */
  promote(now: number): void {
    for (const task of this.tasks) {
      if (task.gate === 'scheduled' && (task.availableAt ?? 0) <= now) task.gate = 'ready';
    }
  }

  claim({ taskTypes, limit, worker, lengthMs, tokens }: ModelClaim, now: number): Outcome {
    this.promote(now);
    const claimed = this.line()
      .filter(({ taskType }) => taskTypes === null || taskTypes.includes(taskType))
      .slice(0, limit);
    for (const [index, task] of claimed.entries()) {
      const token = tokens[index] ?? 'none was given';
      const attempt = (task.lease?.attempt ?? 0) + 1;
      const timeoutAt = task.timeoutSeconds === null ? null : now + task.timeoutSeconds * 1000;
      task.lease = {
        ...{ token, worker, attempt, lengthMs, claimedAt: now },
        ...{ expiresAt: now + lengthMs, timeoutAt, endedBy: null },
      };
      task.tokens.push(token);
      this.move(task, 'claim', 'working');
    }
    return { ok: claimed.map(toldOf) };
  }

  /** Ready tasks, the next one first. */
  line(): ModelTask[] {
    return this.tasks
      .filter(({ status, gate }) => status === 'waiting' && gate === 'ready')
      .sort((left, right) => right.priority - left.priority);
  }

  end(id: string, end: ModelEnd, shown: Shown, now: number): Outcome {
    return this.withTask(id, (task) => {
      const refusal = refusalOf(task, end.command, shown);
      if (refusal === 'again') return this.again(task, end);
      if (refusal !== null) return { refused: refusal };
      if (end.command === 'release') this.release(task);
      if (end.command === 'complete') this.complete(task, end.result);
      if (end.command === 'fail') {
        task.errorMessage = end.errorMessage;
        task.result = null;
        this.endBadly(task, 'fail', end.retryable, now);
      }
      return { ok: [toldOf(task)] };
    });
  }

  renew(id: string, shown: Shown, now: number): Outcome {
    return this.withTask(id, (task) => {
      const refusal = refusalOf(task, 'renew', shown);
      if (refusal !== null || task.lease === null) return { refused: refusal ?? 'nobody holds it' };
      task.lease.expiresAt = Math.max(task.lease.expiresAt, now + task.lease.lengthMs);
      return { ok: [toldOf(task)] };
    });
  }

  cancel(id: string, force: boolean): Outcome {
    return this.withTask(id, (task) => {
      if (task.status === 'completed' || task.status === 'cancelled')
        return { refused: 'task.already_final' };
      if (task.status !== 'waiting' && !force) return { refused: 'task.not_waiting' };
      this.endLease(task, 'cancel');
      this.move(task, 'cancel', 'cancelled');
      return { ok: [toldOf(task)] };
    });
  }

  retry(id: string, now: number): Outcome {
    return this.withTask(id, (task) => {
      if (task.status === 'completed' || task.status === 'cancelled')
        return { refused: 'task.already_final' };
      if (task.status !== 'failed') return { refused: 'task.not_failed' };
      if (task.retryCount >= task.maxRetries) return { refused: 'task.retries_exhausted' };
      task.result = null;
      this.comeBack(task, 'retry', 0, now);
      return { ok: [toldOf(task)] };
    });
  }

  /** Tasks whose worker's time is over, earliest first. */
  overdue(now: number): ModelTask[] {
    return this.tasks.filter((task) => endOf(task) <= now).sort((left, right) => endOf(left) - endOf(right));
  }

  lapse(task: ModelTask, now: number): void {
    const { lease } = task;
    if ((lease?.timeoutAt ?? Infinity) <= now) {
      task.errorMessage = 'timed out';
      this.endBadly(task, 'time_out', true, now);
    } else if (task.retryCount < task.maxRetries) {
      this.endLease(task, 'expire');
      this.comeBack(task, 'expire', 0, now);
    } else {
      task.errorMessage = 'expired';
      this.endLease(task, 'expire');
      this.move(task, 'expire', 'failed');
    }
  }

  /** The clock was set: what is left of each lease, and of each task's own time, stays what it was. */
  shift(byMs: number): void {
    for (const { lease } of this.tasks) {
      if (lease?.endedBy !== null) continue;
      lease.expiresAt += byMs;
      if (lease.timeoutAt !== null) lease.timeoutAt += byMs;
    }
  }

  private withTask(id: string, work: (task: ModelTask) => Outcome): Outcome {
    const task = this.find(id);
    return task === undefined ? { refused: 'task.not_found' } : work(task);
  }

  private again(task: ModelTask, end: ModelEnd): Outcome {
    const isSame =
      end.command === 'release' ||
      (end.command === 'complete' && task.result === end.result) ||
      (end.command === 'fail' && task.errorMessage === end.errorMessage);
    return isSame ? { ok: [toldOf(task)] } : { refused: 'task.already_final' };
  }

  private release(task: ModelTask): void {
    this.endLease(task, 'release');
    this.move(task, 'release', 'waiting');
    task.gate = 'ready';
  }

  private complete(task: ModelTask, result: string | null): void {
    this.endLease(task, 'complete');
    task.result = result;
    task.errorMessage = null;
    this.move(task, 'complete', 'completed');
  }

  private endBadly(task: ModelTask, command: 'fail' | 'time_out', retryable: boolean, now: number): void {
    this.endLease(task, command);
    if (retryable && task.autoRetry && task.retryCount < task.maxRetries) {
      this.comeBack(task, command, this.backoffMs(task.retryCount), now);
    } else {
      this.move(task, command, 'failed');
    }
  }

  private comeBack(task: ModelTask, command: TaskCommand, delayMs: number, now: number): void {
    task.retryCount += 1;
    if (delayMs > 0) task.availableAt = now + delayMs;
    this.move(task, command, 'waiting');
    task.gate = task.availableAt !== null && task.availableAt > now ? 'scheduled' : 'ready';
  }

  private endLease({ lease }: ModelTask, command: TaskCommand): void {
    if (lease?.endedBy === null) lease.endedBy = command;
  }

  private move(task: ModelTask, command: TaskCommand, to: TaskStatus): void {
    const from = task.status;
    task.status = to;
    task.gate = null;
    this.log(task, command, from, to);
  }

  private log(task: ModelTask, command: TaskCommand, from: TaskStatus | null, to: TaskStatus): void {
    task.version += 1;
    const { attempt = 0, worker: workerId = null } = task.lease ?? {};
    this.events.push({ taskId: task.id, command, from, to, version: task.version, attempt, workerId });
  }
}
