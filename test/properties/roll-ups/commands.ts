import type { ClaimFilter } from '@task/application';
import { DomainError, type Task, type TaskDraft } from '@task/domain';
import fc from 'fast-check';
import { RETRY } from '../../support/builders';
import type { FixedClock } from '../../support/fixed-clock';
import type { TestQueue } from '../../support/test-queue';

/** A queue under random commands, and every task that it has taken so far. */
export interface Play {
  readonly queue: TestQueue;
  /** Where there is none, time goes by itself. */
  readonly clock: FixedClock | undefined;
  readonly tasks: Task[];
}

/** One command of somebody; its text is what a failing run shows. */
export interface Move {
  readonly run: (play: Play) => Promise<unknown>;
  readonly toString: () => string;
}

/** Moves that are made at the same time, so that they share a transaction. */
export type Burst = readonly Move[];

const drafts = fc.record(
  {
    priority: fc.integer({ min: 1, max: 10 }),
    workDirectory: fc.constantFrom(null, '/a', '/a/b', 'C:\\c'),
    taskType: fc.constantFrom('build', 'test'),
    kbId: fc.constantFrom(null, 'kb-1'),
    autoRetry: fc.boolean(),
    maxRetries: fc.integer({ min: 0, max: 2 }),
    tags: fc.constantFrom([], ['t']),
    dueInMs: fc.constantFrom(null, -1, 0, 5, 60_000),
  },
  { noNullPrototype: true },
);

const filters: fc.Arbitrary<ClaimFilter> = fc.constantFrom<ClaimFilter>(
  {},
  {},
  { taskTypes: ['test'] },
  { kbId: 'kb-1' },
  { directory: { path: '/a', recursive: true } },
);

const move = <T>(
  name: string,
  given: fc.Arbitrary<T>,
  run: (play: Play, value: T) => Promise<unknown>,
): fc.Arbitrary<Move> =>
  given.map((value) => ({
    run: (play) => run(play, value),
    toString: () => `${name} ${JSON.stringify(value)}`,
  }));

/** A move of one of the tasks that are there. */
const moveOfOne = (
  name: string,
  run: (queue: TestQueue, task: Task) => Promise<unknown>,
): fc.Arbitrary<Move> =>
  move(name, fc.nat({ max: 30 }), async ({ queue, tasks }, index) => {
    const task = tasks[index % Math.max(1, tasks.length)];
    if (task !== undefined) await run(queue, await queue.stored(task));
  });

const moves = fc.oneof(
  { weight: 4, arbitrary: move('create', fc.array(drafts, { minLength: 1, maxLength: 3 }), create) },
  {
    weight: 5,
    arbitrary: move(
      'claim',
      fc.tuple(filters, fc.integer({ min: 1, max: 3 })),
      ({ queue }, [filter, limit]) => queue.claimUpTo(limit, filter),
    ),
  },
  { weight: 3, arbitrary: moveOfOne('complete', (queue, task) => queue.complete(task)) },
  { weight: 2, arbitrary: moveOfOne('fail', (queue, task) => queue.fail(task)) },
  moveOfOne('fail for good', (queue, task) => queue.fail(task, { retryable: false })),
  moveOfOne('release', (queue, task) => queue.release(task)),
  moveOfOne('cancel', (queue, task) => queue.cancel(task)),
  { weight: 2, arbitrary: moveOfOne('retry', (queue, task) => queue.retry(task)) },
  moveOfOne('expire', (queue, task) => queue.update(task, (current, now) => current.expire(now))),
  moveOfOne('time out', (queue, task) => queue.update(task, (current, now) => current.timeOut(RETRY, now))),
  {
    weight: 3,
    arbitrary: move('clock', fc.constantFrom(1, 7, 950, 61_000, 3_600_000, -2_000), ({ clock }, ms) => {
      clock?.advance(ms);
      return Promise.resolve();
    }),
  },
);

/** A whole play: some bursts, one after the other. */
export const plays: fc.Arbitrary<readonly Burst[]> = fc.array(
  fc.array(moves, { minLength: 1, maxLength: 6 }),
  {
    minLength: 10,
    maxLength: 40,
    size: 'max',
  },
);

/** Makes the moves; refusals are part of the play, every other error ends it. */
export async function act(play: Play, bursts: readonly Burst[]): Promise<void> {
  for (const burst of bursts) {
    const answers = await Promise.allSettled(burst.map(({ run }) => run(play)));
    for (const answer of answers) {
      if (answer.status === 'rejected' && !(answer.reason instanceof DomainError)) throw answer.reason;
    }
  }
}

type RandomDraft = Omit<Partial<TaskDraft>, 'availableAt'> & { readonly dueInMs: number | null };

async function create({ queue, tasks }: Play, all: readonly RandomDraft[]): Promise<void> {
  const now = await queue.now();
  const created = await queue.createAll(
    all.map(({ dueInMs, ...draft }) => ({ ...draft, availableAt: dueInMs === null ? null : now + dueInMs })),
  );
  tasks.push(...created);
}
