import { claimTakes, WaitingClaims, type ReadyTasks, type WaitingClaim } from '@task/application';
import type { EpochMs, Task } from '@task/domain';
import { taskIn } from './builders';
import { DecidingStore } from './deciding-store';
import { FixedClock } from './fixed-clock';
import { ManualCommits } from './manual-commits';
import { allThatFollows, ManualTimers } from './manual-timers';

/** How long a claim waits, where it does not say. */
export const WAIT_MS = 25_000;

/** When the next scheduled task is due, and how often somebody asked. */
class DueStore extends DecidingStore {
  dueAt: EpochMs | null = null;
  asked = 0;
  isAway = false;
  /** Answers that are still on their way, where a test holds them back. */
  onTheirWay: (() => void)[] | null = null;

  override async nextDueAt(): Promise<EpochMs | null> {
    this.asked += 1;
    const { dueAt, onTheirWay, isAway } = this;
    if (onTheirWay !== null) await new Promise<void>((answer) => onTheirWay.push(answer));
    if (isAway) throw new Error('away');
    return dueAt;
  }
}

/** Somebody who waits, and what the claim came to. */
export interface Waiter {
  readonly name: string;
  answer: readonly Task[] | 'none yet' | Error;
}

/** Claims that wait in front of a shelf of ready tasks. */
export class WaitingRoom {
  readonly clock = new FixedClock();
  readonly timers = new ManualTimers(this.clock);
  readonly commits = new ManualCommits();
  readonly store = new DueStore();
  readonly claims = new WaitingClaims(this.store, this.clock, this.timers, this.commits);
  /** Names of the waiters that looked, in the order in which they did. */
  readonly looks: string[] = [];
  /** What is ready; a look takes from here. */
  readonly shelf: ReadyTasks[] = [];
  /** Looks that are on their way, where a test holds them back. */
  onTheirWay: (() => void)[] | null = null;

  /** A claim begins to wait, after it found nothing. */
  async wait(name: string, changes: Partial<WaitingClaim> = {}): Promise<Waiter> {
    const waiter = this.enter(name, changes);
    await allThatFollows();
    return waiter;
  }

  enter(name: string, changes: Partial<WaitingClaim> = {}): Waiter {
    const waiter: Waiter = { name, answer: 'none yet' };
    const claim = { filter: {}, limit: 1, waitMs: WAIT_MS, signal: { aborted: false }, ...changes };
    const attempt = (): Promise<readonly Task[]> => this.look(name, claim);
    this.claims.wait({ attempt, ...claim }).then(
      (tasks) => (waiter.answer = tasks),
      (error: unknown) => (waiter.answer = error as Error),
    );
    return waiter;
  }

  /** Tasks become ready, and their commit is told. */
  async put(...tasks: ReadyTasks[]): Promise<void> {
    this.shelf.push(...tasks.flatMap((ready) => Array<ReadyTasks>(ready.count).fill(ready)));
    this.commits.publish({ ready: tasks });
    await allThatFollows();
  }

  /** Lets the look that was held back longest see the shelf. */
  async letThrough(): Promise<void> {
    this.onTheirWay?.shift()?.();
    await allThatFollows();
  }

  private async look(
    name: string,
    { filter, limit, signal }: Omit<WaitingClaim, 'attempt'>,
  ): Promise<Task[]> {
    this.looks.push(name);
    const { onTheirWay } = this;
    if (onTheirWay !== null) await new Promise<void>((see) => onTheirWay.push(see));
    if (signal.aborted) throw new Error('dropped before it ran');
    const found = this.shelf.filter((ready) => claimTakes(filter, ready)).slice(0, limit);
    for (const ready of found) this.shelf.splice(this.shelf.indexOf(ready), 1);
    return found.map(({ taskType, kbId }) => taskIn('working', { taskType, kbId }));
  }
}

/** How many tasks a waiter was given; null while it waits, and when it was refused. */
export const countGivenTo = ({ answer }: Waiter): number | null =>
  typeof answer === 'string' || answer instanceof Error ? null : answer.length;
/** The types of the tasks that a waiter was given; what else it was told, where it was given none. */
export const typesGivenTo = ({ answer }: Waiter): unknown =>
  typeof answer === 'string' || answer instanceof Error ? answer : answer.map(({ state }) => state.taskType);
