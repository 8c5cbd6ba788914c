import type { EpochMs, Task } from '@task/domain';
import type { Cancellation } from '../call';
import type { Clock } from '../ports/clock';
import type { Commit, CommitFeed, ReadyTasks } from '../ports/commit-feed';
import type { ClaimFilter, TaskStore } from '../ports/task-store';
import type { Timers } from '../ports/timers';
import { claimTakes } from './claim-matches';

/** A claim that waits for work. */
export interface WaitingClaim {
  readonly filter: ClaimFilter;
  readonly limit: number;
  /** How long it waits at most. */
  readonly waitMs: number;
  readonly signal: Cancellation;
  /** Claims once; empty when there was nothing. */
  readonly attempt: () => Promise<readonly Task[]>;
}

interface Waiter {
  readonly claim: WaitingClaim;
  readonly answer: (tasks: readonly Task[]) => void;
  readonly refuse: (error: unknown) => void;
  readonly cancelTimer: () => void;
  isTrying: boolean;
  /** Whether work came that it could take while it was trying. */
  wasCalled: boolean;
}

const LONGEST_TIMER_MS = 30_000;

/**
 * Claims that found nothing and wait, oldest first. A commit that makes a task claimable wakes as many of those it
 * suits as there are tasks; the timer of the next due task wakes the oldest, whose claim makes it claimable. While
 * nothing happens nobody does anything. Source: behaviour.md 3.
 */
export class WaitingClaims {
  private readonly waiters = new Set<Waiter>();
  private cancelDue: (() => void) | null = null;

  constructor(
    private readonly tasks: TaskStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
    commits: CommitFeed,
  ) {
    commits.subscribe((commit) => this.onCommit(commit));
  }

  /** How many claims wait. */
  get count(): number {
    return this.waiters.size;
  }

  /** Waits for work, and answers with nothing when the time is over or nobody waits for the answer any more. */
  wait(claim: WaitingClaim): Promise<readonly Task[]> {
    return new Promise((answer, refuse) => {
      const cancelTimer = this.timers.after(claim.waitMs, () => this.giveUp(waiter));
      const waiter: Waiter = { claim, answer, refuse, cancelTimer, isTrying: false, wasCalled: false };
      this.waiters.add(waiter);
      // Work may have come between the claim that found nothing and this line.
      void this.try(waiter);
      if (this.cancelDue === null) void this.watchDue();
    });
  }

  /** Answers all of them with nothing: the service stops. */
  close(): void {
    for (const waiter of this.waiters) this.giveUp(waiter);
    this.cancelDue?.();
  }

  private onCommit({ ready, scheduledFor }: Commit): void {
    if (this.waiters.size === 0) return;
    for (const tasks of ready) this.call(tasks);
    if (scheduledFor !== null) void this.watchDue();
  }

  private call(tasks: ReadyTasks): void {
    let left = tasks.count;
    for (const waiter of this.waiters) {
      if (left <= 0) return;
      if (waiter.claim.signal.aborted) this.giveUp(waiter);
      else if (claimTakes(waiter.claim.filter, tasks)) {
        left -= waiter.claim.limit;
        void this.try(waiter);
      }
    }
  }

  private async try(waiter: Waiter): Promise<void> {
    if (waiter.isTrying) {
      waiter.wasCalled = true;
      return;
    }
    waiter.isTrying = true;
    try {
      do {
        waiter.wasCalled = false;
        const tasks = await waiter.claim.attempt();
        if (tasks.length > 0) {
          this.settle(waiter, () => waiter.answer(tasks));
          return;
        }
      } while (waiter.wasCalled && this.waiters.has(waiter));
    } catch (error) {
      this.settle(waiter, () => waiter.refuse(error));
    } finally {
      waiter.isTrying = false;
    }
    if (!this.waiters.has(waiter)) waiter.answer([]);
  }

  /** A claim that is trying just now is answered when it knows what it got: nothing may be claimed for nobody. */
  private giveUp(waiter: Waiter): void {
    if (!this.waiters.delete(waiter)) return;
    waiter.cancelTimer();
    if (!waiter.isTrying) waiter.answer([]);
  }

  private settle(waiter: Waiter, tell: () => void): void {
    this.waiters.delete(waiter);
    waiter.cancelTimer();
    tell();
  }

  private async watchDue(): Promise<void> {
    const due = await this.nextDue();
    this.cancelDue?.();
    this.cancelDue = null;
    if (this.waiters.size === 0 || due === null) return;
    const ms = Math.min(Math.max(due - this.clock.now(), 0) + 1, LONGEST_TIMER_MS);
    this.cancelDue = this.timers.after(ms, () => this.onDue());
  }

  private onDue(): void {
    this.cancelDue = null;
    const [oldest] = this.waiters;
    if (oldest === undefined) return;
    void this.try(oldest).then(() => this.watchDue());
  }

  /** Without an answer of the store the timer looks again later; claims themselves tell their callers. */
  private async nextDue(): Promise<EpochMs | null> {
    try {
      return await this.tasks.nextDueAt();
    } catch {
      return this.clock.now() + LONGEST_TIMER_MS;
    }
  }
}
