import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { ClaimFilter, TaskStore } from '../ports/task-store';
import type { NoteWorkers } from '../workers/note-workers';
import { claimFilterOf, type ClaimWishes } from './claim-filter';
import { giveBack, isAbandoned } from './give-back';
import type { WaitingClaims } from './waiting-claims';

/** Which tasks a worker wants, and on what terms. */
export interface ClaimTasksInput extends ClaimWishes {
  /** Recorded as the holder's name; absent records none. */
  readonly workerId?: string | undefined;
  /** 10–86 400; absent takes the operator's. */
  readonly leaseSeconds?: number | undefined;
  /** 1–100. */
  readonly limit: number;
  /** How long to wait for work, 0–25; default 0. */
  readonly waitSeconds?: number | undefined;
}

/**
 * Hands the most urgent due tasks to one worker, as many as there are up to its limit; when there are none, waits for
 * the first. Whoever asks by a name lives, whether there is work or not. What was claimed for a caller who has hung up
 * meanwhile goes back at once, unless an idempotency key lets that caller come back for it.
 */
export class ClaimTasks {
  /** @param noteWorkers null for the service itself, which need not be told that it lives */
  constructor(
    private readonly tasks: TaskStore,
    private readonly ids: Ids,
    private readonly policy: Policy,
    private readonly waiting: WaitingClaims,
    private readonly noteWorkers: NoteWorkers | null,
  ) {}

  async execute(input: ClaimTasksInput, call: Call): Promise<readonly Task[]> {
    const { limit, workerId, waitSeconds = 0 } = input;
    const filter = claimFilterOf(input);
    const attempt = (): Promise<readonly Task[]> => this.claim(filter, input, call);
    const found = await attempt();
    if (found.length > 0) return this.unlessAbandoned(found, call);
    const { signal } = call;
    if (workerId !== undefined) await this.noteWorkers?.execute(workerId, signal);
    if (waitSeconds === 0) return [];
    return this.unlessAbandoned(
      await this.waiting.wait({ filter, limit, waitMs: waitSeconds * 1000, signal, attempt }),
      call,
    );
  }

  private claim(filter: ClaimFilter, input: ClaimTasksInput, call: Call): Promise<readonly Task[]> {
    const { workerId = null, leaseSeconds, limit } = input;
    const lengthMs = leaseSeconds === undefined ? this.policy.leaseMs : leaseSeconds * 1000;
    return this.tasks.claim(
      filter,
      limit,
      (candidate, now) =>
        candidate.claim({ token: this.ids.leaseToken(), workerId, lengthMs }, call.actor, now),
      call.signal,
      call.idempotency,
    );
  }

  private async unlessAbandoned(claimed: readonly Task[], call: Call): Promise<readonly Task[]> {
    if (!isAbandoned(call)) return claimed;
    await giveBack(this.tasks, claimed, call.actor);
    return [];
  }
}
