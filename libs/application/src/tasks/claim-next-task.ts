import { normalisePath, type Task } from '@task/domain';
import type { Call } from '../call';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { ClaimFilter, TaskStore } from '../ports/task-store';

/** Which task a worker wants, and on what terms. */
export interface ClaimNextTaskInput {
  /** An absolute path, in any spelling; absent takes any directory. */
  readonly workPath?: string | undefined;
  /** Whether directories below `workPath` count. */
  readonly recursive?: boolean | undefined;
  readonly taskTypes?: readonly string[] | undefined;
  readonly kbId?: string | undefined;
  /** Recorded as the holder's name; absent records none. */
  readonly workerId?: string | undefined;
  /** 10–86 400; absent takes the operator's. */
  readonly leaseSeconds?: number | undefined;
}

/** Hands the most urgent due task to one worker, or null when none is due. */
export class ClaimNextTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly ids: Ids,
    private readonly policy: Policy,
  ) {}

  async execute(input: ClaimNextTaskInput, call: Call): Promise<Task | null> {
    const { workerId = null, leaseSeconds } = input;
    const lengthMs = leaseSeconds === undefined ? this.policy.leaseMs : leaseSeconds * 1000;
    const [task = null] = await this.tasks.claim(
      filterOf(input),
      1,
      (candidate, now) =>
        candidate.claim({ token: this.ids.leaseToken(), workerId, lengthMs }, call.actor, now),
      call.signal,
    );
    return task;
  }
}

function filterOf({ workPath, recursive = false, taskTypes, kbId }: ClaimNextTaskInput): ClaimFilter {
  return {
    ...(workPath !== undefined && { directory: { path: normalisePath(workPath), recursive } }),
    ...(taskTypes !== undefined && { taskTypes }),
    ...(kbId !== undefined && { kbId }),
  };
}
