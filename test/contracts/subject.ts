import type {
  Archive,
  AuditLog,
  CommitFeed,
  ConcurrencyKeys,
  EventLog,
  KeyStore,
  ScheduleStore,
  SettingsStore,
  Statistics,
  TaskStore,
  WorkerDirectory,
} from '@task/application';
import { eventually } from '../support/eventually';
import type { FixedClock } from '../support/fixed-clock';
import { TestQueue } from '../support/test-queue';

/** The ports of one open store. */
export interface StoreParts {
  readonly tasks: TaskStore;
  readonly events: EventLog;
  readonly workers: WorkerDirectory;
  readonly statistics: Statistics;
  readonly commits: CommitFeed;
  readonly keys: KeyStore;
  readonly concurrencyKeys: ConcurrencyKeys;
  readonly schedules: ScheduleStore;
  readonly audit: AuditLog;
  readonly archive: Archive;
  readonly settings: SettingsStore;
}

/** A store for one test: empty, and its own. */
export interface OpenedStore {
  readonly parts: StoreParts;
  /** The store's time, where a test can set it. */
  readonly clock?: FixedClock;
  /** Closes the store and opens it again over what it has kept. */
  readonly reopen?: () => Promise<StoreParts>;
  close(): Promise<void>;
}

/** What not every adapter can do; tests that need it are there only where it is claimed. */
export interface Abilities {
  readonly setsClock?: boolean;
  readonly reopens?: boolean;
}

/** The store of the running test. */
export interface Subject extends Omit<StoreParts, 'tasks'> {
  readonly queue: TestQueue;
  readonly clock: FixedClock | undefined;
  readonly canReopen: boolean;
  /** Closes the store and opens it again. */
  readonly reopen: () => Promise<Subject>;
}

/** Opens a store before each test, and closes it after. @returns the store of the running test */
export function useStore(open: () => Promise<OpenedStore>): () => Subject {
  let opened: OpenedStore | undefined;
  let subject: Subject | undefined;

  beforeEach(async () => {
    opened = await open();
    subject = subjectOf(opened, opened.parts, new TestQueue(opened.parts.tasks));
  });

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    subject = undefined;
  });

  return () => {
    if (subject === undefined) throw new Error('there is a store only while a test runs');
    return subject;
  };
}

function subjectOf(opened: OpenedStore, parts: StoreParts, queue: TestQueue): Subject {
  const { clock, reopen } = opened;
  return {
    ...parts,
    queue,
    clock,
    canReopen: reopen !== undefined,
    reopen: async () => {
      if (reopen === undefined) throw new Error('this store cannot be opened again');
      const again = await reopen();
      return subjectOf(opened, again, new TestQueue(again.tasks, queue.ids));
    },
  };
}

/**
 * So many ms from now something may happen that a test wants to be there for: further away where the time runs by itself,
 * since a busy machine lets a second go by between two statements.
 */
export function shortly({ clock }: Pick<Subject, 'clock'>): number {
  return clock === undefined ? 2_000 : 300;
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

/** Comes back when the store's time has reached this one. */
export async function untilTime({ queue, clock }: Subject, time: number): Promise<void> {
  clock?.advance(Math.max(0, time - clock.now()));
  await eventually(async () => ((await queue.now()) >= time ? true : null), { pauseMs: 5 });
}
