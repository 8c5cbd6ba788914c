import { CreateTasks, type ConcurrencyKeys, type TaskStore } from '@task/application';
import { DomainError, type DependencyPolicy } from '@task/domain';
import { CALL, policy } from '../../support/builders';
import { memoryGuard } from '../../support/told-memory';
import { CountedIds } from '../../support/counted-ids';
import type { FixedClock } from '../../support/fixed-clock';
import { TestQueue } from '../../support/test-queue';

/** What a store has that is played on. */
export interface PlayedParts {
  readonly tasks: TaskStore;
  readonly concurrencyKeys: ConcurrencyKeys;
}

/** A store that is played on. */
export interface PlayedStore {
  readonly parts: PlayedParts;
  /** Where a test can set it. */
  readonly clock?: FixedClock;
  /** Stops it as it is, with whatever is not told yet, and opens it again. */
  readonly reopen?: () => Promise<PlayedParts>;
  close(): Promise<void>;
}

/** A task as it was filed, taken down apart from the store. */
export interface Filed {
  readonly id: string;
  /** Its order of arrival. */
  readonly place: number;
  readonly dependsOn: readonly string[];
  readonly policy: DependencyPolicy;
  readonly key: string | null;
  readonly priority: number;
}

/** A task as it is wished for; its dependencies are numbers of tasks that are there, or come before it in its batch. */
export interface Wished {
  readonly on: readonly number[];
  readonly policy: DependencyPolicy;
  readonly key: string | null;
  readonly priority: number;
  readonly maxRetries: number;
  readonly autoRetry: boolean;
  readonly dueInMs: number | null;
}

/** A queue of tasks that wait for each other, under random moves, and what was asked of it. */
export class Play {
  readonly filed: Filed[] = [];
  readonly limits = new Map<string, number>();
  /** Of the moves that are made at the same time: the highest limit that each key has had. */
  highest = new Map<string, number>();
  private parts: PlayedParts;
  private readonly ids = new CountedIds();

  constructor(private readonly store: PlayedStore) {
    this.parts = store.parts;
  }

  get queue(): TestQueue {
    return new TestQueue(this.parts.tasks, this.ids);
  }

  get keys(): ConcurrencyKeys {
    return this.parts.concurrencyKeys;
  }

  get clock(): FixedClock | undefined {
    return this.store.clock;
  }

  limitOf(key: string): number {
    return this.limits.get(key) ?? 1;
  }

  async reopen(): Promise<void> {
    if (this.store.reopen !== undefined) this.parts = await this.store.reopen();
  }

  async limit(key: string, limit: number): Promise<void> {
    this.limits.set(key, limit);
    this.highest.set(key, Math.max(limit, this.highest.get(key) ?? 1));
    await this.keys.setLimit(key, limit);
  }

  /** Files a batch through the use case, as every door does. */
  async file(wishes: readonly Wished[]): Promise<void> {
    const before = this.filed.length;
    const named = wishes.map(({ on }, index) => on.map((number) => this.named(number, before, index)));
    const now = await this.queue.now();
    const tasks = await new CreateTasks(this.parts.tasks, this.ids, policy(), memoryGuard()).execute(
      wishes.map(({ policy: onDependencyFailure, key: concurrencyKey, dueInMs, ...wish }, index) => ({
        ...{ ref: `t${index}`, prompt: 'do it', dependsOn: named[index], onDependencyFailure },
        ...{ concurrencyKey, availableAt: dueInMs === null ? null : now + dueInMs },
        ...{ priority: wish.priority, maxRetries: wish.maxRetries, autoRetry: wish.autoRetry },
      })),
      CALL,
    );
    for (const [index, { policy: onFailure, key, priority }] of wishes.entries()) {
      const dependsOn = (named[index] ?? []).map((name) =>
        name.startsWith('@') ? (tasks[Number(name.slice(2))]?.id ?? name) : name,
      );
      const id = tasks[index]?.id ?? '';
      const place = this.filed.length;
      this.filed.push({
        ...{ id, place, key, priority, policy: onFailure },
        dependsOn: [...new Set(dependsOn)],
      });
    }
  }

  /** Counts how the moves end that are made together: refusals are part of the play, every other error ends it. */
  async together(moves: readonly ((play: Play) => Promise<unknown>)[]): Promise<void> {
    this.highest = new Map(this.limits);
    const answers = await Promise.allSettled(moves.map((move) => move(this)));
    for (const answer of answers) {
      if (answer.status === 'rejected' && !(answer.reason instanceof DomainError)) throw answer.reason;
    }
  }

  private named(number: number, before: number, index: number): string {
    const place = number % Math.max(1, before + index);
    return place < before ? (this.filed[place]?.id ?? '@t0') : `@t${place - before}`;
  }
}
