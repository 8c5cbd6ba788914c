import {
  ClaimTasks,
  CompleteTask,
  FailTask,
  HandOnResults,
  HandOver,
  ReleaseTask,
  RenewLease,
  StoreUnavailable,
  type Call,
  type Dependency,
  type Ids,
  type Policy,
  type TaskStore,
  type WaitingClaims,
} from '@task/application';
import {
  bandOf,
  DomainError,
  JsonDocument,
  TaskCancelled,
  TaskConflict,
  TaskNotFound,
  type Proof,
  type Task,
} from '@task/domain';
import {
  HoldEnded,
  SourceAway,
  SourceRefused,
  type ClaimRequest,
  type FailureReport,
  type Hold,
  type ProgressReport,
  type WorkSource,
} from '../runtime/work-source';
import type { WorkDependency } from '../runtime/work-task';

/** The ports of the service that the worker runs in. */
export interface InProcessPorts {
  readonly tasks: TaskStore;
  readonly ids: Ids;
  readonly policy: Policy;
  readonly waiting: WaitingClaims;
}

/** The queue of the service that the worker itself runs in. */
export class InProcessSource implements WorkSource {
  private readonly claimTasks: ClaimTasks;
  private readonly renewLease: RenewLease;
  private readonly completeTask: CompleteTask;
  private readonly failTask: FailTask;
  private readonly releaseTask: ReleaseTask;
  private readonly handOver: HandOver;
  private readonly call: Call;

  /** @param actor whom the history names where it names no worker */
  constructor({ tasks, ids, policy, waiting }: InProcessPorts, actor: string) {
    // It lives as long as the service: nobody has to be told so, and each start would leave another name behind.
    this.claimTasks = new ClaimTasks(tasks, ids, policy, waiting, null);
    this.renewLease = new RenewLease(tasks, policy);
    this.completeTask = new CompleteTask(tasks, policy);
    this.failTask = new FailTask(tasks, policy);
    this.releaseTask = new ReleaseTask(tasks, policy);
    this.handOver = new HandOver(tasks, new HandOnResults(tasks));
    this.call = { actor, signal: { aborted: false } };
  }

  /** The claim itself cannot be interrupted: what it gets for a worker that has stopped goes back by itself. */
  async claim(request: ClaimRequest, signal: AbortSignal): Promise<readonly Hold[]> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const call = { ...this.call, signal };
      const claimed = await Promise.race([this.claimTasks.execute(request, call), stopped]);
      const { tasks, handedOn } = await this.handOver.execute(claimed, call);
      return tasks.map((task) => holdOf(task, handedOn.get(task.id) ?? []));
    } catch (error) {
      throw failureOf(error);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  heartbeat(hold: Hold): Promise<void> {
    return told(this.renewLease.execute(heldBy(hold), this.call));
  }

  progress(hold: Hold, report: ProgressReport): Promise<void> {
    return told(this.renewLease.execute({ ...heldBy(hold), ...report }, this.call));
  }

  complete(hold: Hold, result: object | undefined): Promise<void> {
    return told(this.completeTask.execute({ ...heldBy(hold), result: documentOf(result) }, this.call));
  }

  fail(hold: Hold, { message: errorMessage, retryable, result }: FailureReport): Promise<void> {
    const input = { ...heldBy(hold), errorMessage, retryable, result: documentOf(result) };
    return told(this.failTask.execute(input, this.call));
  }

  release(hold: Hold, reason: string): Promise<void> {
    return told(this.releaseTask.execute({ ...heldBy(hold), reason }, this.call));
  }

  close(): void {
    // The store is the service's own.
  }
}

function heldBy({ task, leaseToken }: Hold): { readonly taskId: string; readonly proof: Proof } {
  return { taskId: task.id, proof: { leaseToken } };
}

function documentOf(result: object | undefined): JsonDocument | undefined {
  return result === undefined ? undefined : JsonDocument.of(result);
}

function holdOf({ state, attempt }: Task, dependencies: readonly Dependency[]): Hold {
  return {
    leaseToken: state.lease?.token ?? '',
    task: {
      id: state.id,
      taskType: state.taskType,
      prompt: state.prompt,
      workDirectory: state.workDirectory,
      payload: state.payload?.value ?? null,
      priority: bandOf(state.priority),
      tags: state.tags,
      metadata: state.metadata?.value ?? {},
      attempt,
      retryCount: state.retryCount,
      timeoutSeconds: state.timeoutSeconds,
      dependencies: dependencies.map(dependencyOf),
    },
  };
}

function dependencyOf({ taskId: id, status, result, resultBytes }: Dependency): WorkDependency {
  return { id, status, result: result?.value ?? null, isCut: result === null && resultBytes > 0 };
}

async function told(done: Promise<Task>): Promise<void> {
  try {
    await done;
  } catch (error) {
    throw endOfHold(error) ?? failureOf(error);
  }
}

function endOfHold(error: unknown): HoldEnded | null {
  if (!(error instanceof TaskConflict || error instanceof TaskNotFound)) return null;
  return error instanceof TaskCancelled
    ? new HoldEnded('cancelled', 'the task was cancelled', { cause: error })
    : new HoldEnded('lost', error.message, { cause: error });
}

function failureOf(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return new SourceAway(error.message, null, { cause: error });
  if (error instanceof DomainError) return new SourceRefused(error.message, false, { cause: error });
  return error;
}
