import { DomainError, type Decision, type EpochMs, type Task } from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import type { WorkerDirectory } from '../ports/worker-directory';

/** Leases that are renewed at once: between these steps everybody else gets a turn, however much one name holds. */
const STEP = 200;

/** A worker's sign of life. */
export interface HeartbeatWorkerInput {
  readonly workerId: string;
  /** Tokens of tasks that it holds: where the operator asks for tokens, only these are renewed. Default none. */
  readonly leaseTokens?: readonly string[] | undefined;
}

/**
 * A worker lives: takes that down, and renews the leases of all that it holds. A task that is missing from the answer
 * is its own no longer: cancelled, expired, or somebody else's. Where the operator asks for tokens, a name alone renews
 * nothing. The slot of a task that was cancelled in its hands is free from then on.
 */
export class HeartbeatWorker {
  constructor(
    private readonly workers: WorkerDirectory,
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  /** @returns the tasks that it holds, oldest claim first */
  async execute(
    { workerId, leaseTokens = [] }: HeartbeatWorkerInput,
    { signal }: Call,
  ): Promise<readonly Task[]> {
    await this.workers.see(workerId, signal);
    const held = [...(await this.workers.heldBy(workerId)), ...(await this.workers.slotsOf(workerId))];
    const tokens = new Set(leaseTokens);
    const tasks: (Task | null)[] = [];
    for (let from = 0; from < held.length; from += STEP) {
      const step = held.slice(from, from + STEP).map((id) => this.renewed(id, workerId, tokens, signal));
      tasks.push(...(await Promise.all(step)));
    }
    return tasks.flatMap((task) => (task?.status === 'working' ? [task] : []));
  }

  private async renewed(
    taskId: string,
    workerId: string,
    tokens: ReadonlySet<string>,
    signal: Call['signal'],
  ): Promise<Task | null> {
    try {
      return await this.tasks.update(taskId, (task, now) => this.renew(task, workerId, tokens, now), signal);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private renew(task: Task, workerId: string, tokens: ReadonlySet<string>, now: EpochMs): Decision {
    const leaseToken = task.state.lease?.token;
    const isNamed = leaseToken !== undefined && tokens.has(leaseToken);
    const isProven = !this.policy.requireLeaseToken || isNamed;
    // A cancelled one is refused, by which its slot is free: not on the word of somebody who only knows a name.
    if (!isProven && task.status === 'cancelled') return { task, effects: [] };
    const renewed = task.renew({}, { workerId, ...(isNamed && { leaseToken }) }, now);
    return isProven ? renewed : { task, effects: [] };
  }
}
