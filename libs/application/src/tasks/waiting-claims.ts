import type { EpochMs, Task } from '@task/domain';
import type { Cancellation } from '../call';
import type { Pulse } from '../health/pulses';
import type { Clock } from '../ports/clock';
import type { Commit, CommitFeed, ReadyTasks } from '../ports/commit-feed';
import type { ClaimFilter, TaskStore } from '../ports/task-store';
import type { Timers } from '../ports/timers';
import { callsLeft } from './calls-left';
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
  /** When it has to be answered, on the monotonic clock, ms. */
  readonly endsAt: number;
  isTrying: boolean;
  /** Something may have come since its look began. */
  mustLookAgain: boolean;
  /** Work that it was called for, and has not looked for since. */
  readonly calls: ReadyTasks[];
}

const LONGEST_TIMER_MS = 30_000;
/** Between two looks for a task that is due: its store may have another idea of the time. */
const SHORTEST_TIMER_MS = 10;

/**
 * Claims that found nothing and wait, oldest first. A commit that makes a task claimable wakes as many of those it
 * suits as there are tasks; the timer of the next due task wakes the oldest, whose claim makes it claimable. While
 * nothing happens nobody does anything. Source: behaviour.md 3.
 */
export class WaitingClaims implements Pulse {
  private readonly waiters = new Set<Waiter>();
  private readonly unsubscribe: () => void;
  private cancelDue: (() => void) | null = null;
  private isAsking = false;
  private askedAt = 0;
  private lastMs: number | null = null;
  private mustAskAgain = false;
  private isClosed = false;

  constructor(
    private readonly tasks: TaskStore,
    private readonly clock: Clock,
    private readonly timers: Timers,
    commits: CommitFeed,
  ) {
    this.unsubscribe = commits.subscribe((commit) => this.onCommit(commit));
  }

  /** How many claims wait. */
  get count(): number {
    return this.waiters.size;
  }

  /** How long ago it should have answered a claim, or should have been told when the next task is due. */
  get behindMs(): number {
    const now = this.timers.monotonic();
    let behind = this.isAsking ? now - this.askedAt : 0;
    for (const { endsAt } of this.waiters) behind = Math.max(behind, now - endsAt);
    return behind;
  }

  /** How long it last took to look for work for somebody, ms. */
  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  /** Waits for work, and answers with nothing when the time is over or nobody waits for the answer any more. */
  wait(claim: WaitingClaim): Promise<readonly Task[]> {
    if (this.isClosed) return Promise.resolve([]);
    return new Promise((answer, refuse) => {
      const cancelTimer = this.timers.after(claim.waitMs, () => this.giveUp(waiter));
      const endsAt = this.timers.monotonic() + claim.waitMs;
      const waiter: Waiter = {
        ...{ claim, answer, refuse, cancelTimer, endsAt },
        ...{ isTrying: false, mustLookAgain: false, calls: [] },
      };
      this.waiters.add(waiter);
      claim.signal.onAbort?.(() => this.giveUp(waiter));
      // Work may have come between the claim that found nothing and this line.
      void this.try(waiter);
      // What was scheduled while nobody waited, nobody has taken notice of.
      if (this.cancelDue === null || this.waiters.size === 1) void this.watchDue();
    });
  }

  /** Answers all of them with nothing, and whoever comes later: the service stops. */
  close(): void {
    this.isClosed = true;
    this.unsubscribe();
    for (const waiter of this.waiters) this.giveUp(waiter);
    this.cancelDue?.();
    this.cancelDue = null;
  }

  private onCommit({ ready, scheduledFor, isGap = false }: Commit): void {
    if (this.waiters.size === 0) return;
    for (const tasks of ready) this.call(tasks);
    if (isGap) this.lookAround();
    if (scheduledFor !== null || isGap) void this.watchDue();
  }

  /** Nobody knows what there is: of those who want the same the oldest looks, and the next if that was given something. */
  private lookAround(): void {
    for (const waiter of this.waiters) waiter.mustLookAgain = waiter.isTrying;
    for (const alike of Map.groupBy(this.waiters, kindOf).values()) void this.tryInTurn(alike);
  }

  private async tryInTurn(alike: readonly Waiter[]): Promise<void> {
    for (const waiter of alike) {
      if (waiter.isTrying || !this.waiters.has(waiter)) continue;
      await this.try(waiter);
      if (this.waiters.has(waiter)) return;
    }
  }

  private call(tasks: ReadyTasks): void {
    let left = tasks.count;
    for (const waiter of this.waiters) {
      if (left <= 0) return;
      if (waiter.claim.signal.aborted) this.giveUp(waiter);
      else if (claimTakes(waiter.claim.filter, tasks)) {
        waiter.calls.push({ ...tasks, count: Math.min(left, waiter.claim.limit) });
        left -= waiter.claim.limit;
        void this.try(waiter);
      }
    }
  }

  /** Looks for work until there is some, or nobody calls any more. What it was called for and left goes to the next. */
  private async try(waiter: Waiter): Promise<void> {
    if (waiter.isTrying) return;
    waiter.isTrying = true;
    let left: readonly ReadyTasks[];
    do {
      left = await this.look(waiter, waiter.calls.splice(0));
    } while ((waiter.calls.length > 0 || waiter.mustLookAgain) && this.waiters.has(waiter));
    waiter.isTrying = false;
    if (this.waiters.has(waiter)) return;
    waiter.answer([]);
    for (const tasks of [...left, ...waiter.calls]) this.call(tasks);
  }

  /** @returns of the work that it was called for, what is left for others */
  private async look(waiter: Waiter, calls: readonly ReadyTasks[]): Promise<readonly ReadyTasks[]> {
    waiter.mustLookAgain = false;
    const begun = this.timers.monotonic();
    try {
      const tasks = await waiter.claim.attempt();
      this.lastMs = this.timers.monotonic() - begun;
      if (tasks.length === 0) return [];
      this.settle(waiter, () => waiter.answer(tasks));
      return callsLeft([...calls, ...waiter.calls.splice(0)], tasks);
    } catch (error) {
      this.settle(waiter, () => waiter.refuse(error));
      return calls;
    }
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

  /** One question at a time: an answer that overtakes another must not be overwritten by it. */
  private async watchDue(): Promise<void> {
    this.mustAskAgain = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.mustAskAgain) {
      this.mustAskAgain = false;
      this.askedAt = this.timers.monotonic();
      this.setDueTimer(await this.nextDue());
    }
    this.isAsking = false;
  }

  private setDueTimer(due: EpochMs | null): void {
    this.cancelDue?.();
    this.cancelDue = null;
    if (this.waiters.size === 0 || due === null) return;
    const ms = Math.min(Math.max(due + 1 - this.clock.now(), SHORTEST_TIMER_MS), LONGEST_TIMER_MS);
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

/** Those whose claims want the same. */
function kindOf({ claim }: Waiter): string {
  return JSON.stringify(claim.filter);
}
