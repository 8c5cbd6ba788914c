import type { Task } from '@task/domain';
import fc, { type Arbitrary } from 'fast-check';
import { RETRY } from '../../support/builders';
import type { Play, Wished } from './play';

/** Something that somebody does; its text is what a failing run shows. */
export interface Move {
  readonly run: (play: Play) => Promise<unknown>;
  readonly toString: () => string;
}

/** Moves that are made at the same time, so that they share a transaction. */
export type Burst = readonly Move[];

const KEYS = ['repo', 'site'];

const wishes: Arbitrary<Wished> = fc.record(
  {
    on: fc.array(fc.nat({ max: 40 }), { maxLength: 3 }),
    policy: fc.constantFrom('wait', 'wait', 'cancel', 'run'),
    key: fc.constantFrom(null, null, ...KEYS),
    priority: fc.constantFrom(2, 5, 5, 8),
    maxRetries: fc.integer({ min: 0, max: 2 }),
    autoRetry: fc.boolean(),
    dueInMs: fc.constantFrom(null, null, null, 30_000),
  },
  { noNullPrototype: true },
);

function move<T>(
  name: string,
  given: Arbitrary<T>,
  run: (play: Play, value: T) => Promise<unknown>,
): Arbitrary<Move> {
  return given.map((value) => ({
    run: (play) => run(play, value),
    toString: () => `${name} ${JSON.stringify(value)}`,
  }));
}

/** A move of one of the tasks for which it makes sense, or of none. */
function moveOfOne(
  name: string,
  fits: (task: Task) => boolean,
  run: (play: Play, task: Task) => Promise<unknown>,
): Arbitrary<Move> {
  return move(name, fc.nat({ max: 20 }), async (play, number) => {
    const fitting = (await play.queue.all()).filter(fits);
    const task = fitting[number % Math.max(1, fitting.length)];
    if (task !== undefined) await run(play, task);
  });
}

const isWorking = ({ status }: Task): boolean => status === 'working';
const isFailed = ({ status }: Task): boolean => status === 'failed';
const isCancelled = ({ status }: Task): boolean => status === 'cancelled';
const isOpen = (task: Task): boolean => task.status !== 'completed' && !isCancelled(task);

const create = move('create', fc.array(wishes, { minLength: 1, maxLength: 5 }), (play, all) =>
  play.file(all),
);
const claim = move('claim', fc.integer({ min: 1, max: 4 }), ({ queue }, limit) =>
  queue.claimUpTo(limit, {}, { lengthMs: 60_000 }),
);
const complete = moveOfOne('complete', isWorking, ({ queue }, task) => queue.complete(task));
const tell = move('tell', fc.integer({ min: 1, max: 3 }), ({ queue }, limit) => queue.tell(limit));

const anything = fc.oneof(
  { weight: 6, arbitrary: create },
  { weight: 8, arbitrary: claim },
  { weight: 8, arbitrary: complete },
  { weight: 6, arbitrary: tell },
  moveOfOne('fail', isWorking, ({ queue }, task) => queue.fail(task)),
  { weight: 2, arbitrary: moveOfOne('fail for good', isWorking, failForGood) },
  moveOfOne('release', isWorking, ({ queue }, task) => queue.release(task)),
  { weight: 2, arbitrary: moveOfOne('cancel', isOpen, ({ queue }, task) => queue.cancel(task)) },
  { weight: 2, arbitrary: moveOfOne('retry', isFailed, ({ queue }, task) => queue.retry(task)) },
  moveOfOne('tell its worker', isCancelled, ({ queue }, task) => queue.renew(task)),
  moveOfOne('expire', isWorking, ({ queue }, task) => queue.update(task, (held, now) => held.expire(now))),
  move('sweep', fc.integer({ min: 1, max: 5 }), ({ queue }, limit) => queue.lapse(limit, RETRY)),
  move('limit', fc.tuple(fc.constantFrom(...KEYS), fc.integer({ min: 1, max: 4 })), (play, [key, limit]) =>
    play.limit(key, limit),
  ),
  move('clock', fc.constantFrom(1_000, 31_000, 61_000), async ({ clock }, ms) => clock?.advance(ms)),
);

/** Moves that are made together, or the end of the service in between. */
const bursts: Arbitrary<Burst> = fc.oneof(
  { weight: 12, arbitrary: fc.array(anything, { minLength: 1, maxLength: 4 }) },
  move('reopen', fc.constant(null), (play) => play.reopen()).map((reopen) => [reopen]),
);

/** A whole play: it begins with tasks. */
export function playsOf(maxLength: number): Arbitrary<readonly Burst[]> {
  return fc
    .tuple(
      create.map((first) => [first]),
      fc.array(bursts, { maxLength, size: 'max' }),
    )
    .map(([first, rest]) => [first, ...rest]);
}

function failForGood({ queue }: Play, task: Task): Promise<Task> {
  return queue.fail(task, { retryable: false });
}
