import type { TaskStore } from '@task/application';
import { eventually } from '../../support/eventually';
import type { FixedClock } from '../../support/fixed-clock';
import type { TestQueue } from '../../support/test-queue';

/** A store for one test: empty, and its own. */
export interface OpenedStore {
  readonly store: TaskStore;
  /** The store's time, where a test can set it. */
  readonly clock?: FixedClock;
  /** Closes the store and opens it again over what it has kept. */
  readonly reopen?: () => Promise<TaskStore>;
  close(): Promise<void>;
}

/** What not every adapter can do; tests that need it are there only where it is claimed. */
export interface Abilities {
  readonly setsClock?: boolean;
  readonly reopens?: boolean;
}

/** The store of the running test. */
export interface Subject {
  readonly queue: TestQueue;
  readonly clock: FixedClock | undefined;
  readonly reopen: () => Promise<TestQueue>;
}

/** Comes back when the store's time is later than it was. */
export async function untilLater({ queue, clock }: Subject): Promise<void> {
  if (clock !== undefined) {
    clock.advance(1);
    return;
  }
  const before = await queue.now();
  await eventually(async () => ((await queue.now()) > before ? true : null), { pauseMs: 1 });
}
