import type { CommitFeed, EventLog, TaskStore, WorkerDirectory } from '@task/application';
import { DomainError, type RetryPolicy, type Task } from '@task/domain';
import { CountedKey } from '../../support/counted-key';
import type { CountedIds } from '../../support/counted-ids';
import type { FixedClock } from '../../support/fixed-clock';
import { TestQueue } from '../../support/test-queue';
import type { ModelKey } from './model-memory';
import type { Outcome, Told } from './model-task';

/** The ports of the store that runs next to the model. */
export interface RealParts {
  readonly tasks: TaskStore;
  readonly events: EventLog;
  readonly workers: WorkerDirectory;
  readonly commits: CommitFeed;
}

/** What a store in memory, on SQLite and on PostgreSQL have that the model needs. */
export interface RealStore {
  readonly parts: RealParts;
  /** Where a test can set it. */
  readonly clock?: FixedClock;
  readonly reopen?: () => Promise<RealParts>;
  close(): Promise<void>;
}

/** What came of a command on the real store. */
export interface Answer {
  readonly outcome: Outcome;
  readonly isReplay: boolean;
}

/** The real store, for as long as one run of commands lasts. */
export class RealQueue {
  queue: TestQueue;
  parts: RealParts;

  constructor(
    private readonly store: RealStore,
    readonly ids: CountedIds,
    readonly retry: RetryPolicy,
  ) {
    this.parts = store.parts;
    this.queue = new TestQueue(this.parts.tasks, ids);
  }

  get clock(): FixedClock | undefined {
    return this.store.clock;
  }

  /** The store's time, to the millisecond where it can be set; otherwise about. */
  async now(): Promise<number> {
    return this.clock?.now() ?? (await this.queue.now());
  }

  async reopen(): Promise<void> {
    if (this.store.reopen === undefined) return;
    this.parts = await this.store.reopen();
    this.queue = new TestQueue(this.parts.tasks, this.ids);
  }

  /** Runs a command, under a key if there is one. @throws what is no refusal by the rules of the queue */
  async run(key: ModelKey | null, work: (key?: CountedKey) => Promise<readonly Task[]>): Promise<Answer> {
    const counted = key === null ? undefined : new CountedKey(key.key, key.request);
    const outcome = await this.outcomeOf(() => work(counted));
    return { outcome, isReplay: (counted?.replays ?? 0) > 0 };
  }

  private async outcomeOf(work: () => Promise<readonly Task[]>): Promise<Outcome> {
    try {
      return { ok: (await work()).map(toldOf) };
    } catch (error) {
      if (error instanceof DomainError) return { refused: error.code };
      throw error;
    }
  }
}

function toldOf({ id, state }: Task): Told {
  const { status, version, retryCount, lease } = state;
  return {
    ...{ id, status, version, retryCount },
    ...{ token: lease?.token ?? null, endedBy: lease?.endedBy ?? null },
  };
}
