import fc, { type Arbitrary } from 'fast-check';
import { backoffMs, type RetryPolicy } from '@task/domain';
import { assertProperty } from '../../support/assert-property';
import { CountedIds } from '../../support/counted-ids';
import { auditAtEnd } from './audit';
import {
  Cancel,
  CancelUnknown,
  Claim,
  Create,
  End,
  HOLDERS,
  Renew,
  Retry,
  SendAgain,
  type Holder,
  type Wanted,
} from './client-commands';
import { ModelQueue, type ModelEnd } from './model-queue';
import type { QueueCommand } from './queue-command';
import { RealQueue, type RealStore } from './real-queue';
import { Advance, Forget, Lapse, RenewWhileSwept, Reopen, SetClock } from './upkeep-commands';

/** How long and how often a store is tried. */
export interface Trial {
  readonly setsClock?: boolean;
  readonly reopens?: boolean;
  readonly numRuns: number;
  readonly maxCommands: number;
}

const TYPES = ['build', 'test', 'lint'] as const;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Odd enough that no sum of what time goes on by is the same. */
const JUMPS = [701, -701, HOUR_MS + 13, -(HOUR_MS + 13), DAY_MS + 777, -(DAY_MS + 777)];
const STEPS = [1, 1_000, 5_000, 5_000, 10_000, 10_000, 61_000, DAY_MS];

/**
 * Lets random commands run against a store next to the model; after each of them, and at the end, both must agree.
 * A run that fails is made as small as it gets, and told with the seed and the path that repeat it.
 */
export async function tryStore(open: () => Promise<RealStore>, trial: Trial): Promise<void> {
  const { setsClock = false, numRuns, maxCommands } = trial;
  const retry: RetryPolicy = setsClock
    ? { baseMs: 5_000, capMs: 20_000, random: () => 0.5 }
    : { baseMs: 0, capMs: 0, random: () => 0 };
  const commands = fc.commands(commandsFor(trial), { maxCommands, size: 'max' });
  await assertProperty(
    fc.asyncProperty(commands, async (run) => {
      const store = await open();
      const real = new RealQueue(store, new CountedIds(), retry);
      const model = new ModelQueue((retryCount) => backoffMs(retry, retryCount));
      try {
        await fc.asyncModelRun(() => ({ model, real }), run);
        await auditAtEnd(model, real);
      } finally {
        await store.close();
      }
    }),
    { numRuns },
  );
}

function commandsFor({ setsClock = false, reopens = false }: Trial): Arbitrary<QueueCommand>[] {
  const key = fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    fc.integer({ min: 1, max: 12 }).map((number) => `k${number}`),
  );
  const pick = fc.record({
    of: fc.constantFrom('fitting' as const, 'fitting' as const, 'fitting' as const, 'any' as const),
    number: fc.nat({ max: 4 }),
  });
  // The holder itself more often than all the others.
  const holder: Arbitrary<Holder> = fc.oneof(
    { weight: 3, arbitrary: fc.constant('token' as const) },
    fc.constantFrom(...HOLDERS),
  );
  const wanted = fc.array(wantedFor(setsClock), { minLength: 1, maxLength: 2 });
  const create = fc.tuple(wanted, key).map((all) => new Create(...all));
  const claim = fc.tuple(wishFor(setsClock), key).map((all) => new Claim(...all));
  const end = fc.tuple(pick, holder, END, key).map((all) => new End(...all));
  const retry = fc.tuple(pick, key).map((all) => new Retry(...all));
  const lapse = fc.integer({ min: 1, max: 4 }).map((limit) => new Lapse(limit));
  const advance = fc.constantFrom(...STEPS).map((ms) => new Advance(ms));
  const client: Arbitrary<QueueCommand>[] = [
    ...[create, create, claim, claim, claim, claim, end, end, end, end],
    fc.tuple(pick, holder, key).map((all) => new Renew(...all)),
    fc.tuple(pick, fc.boolean(), key).map((all) => new Cancel(...all)),
    ...[retry, retry, retry],
    key.map((each) => new CancelUnknown(each)),
    fc.nat({ max: 5 }).map((back) => new SendAgain(back)),
    fc.nat({ max: 5 }).map((back) => new SendAgain(back)),
    ...[lapse, lapse],
    pick.map((each) => new RenewWhileSwept(each)),
    fc.constant(new Forget()),
  ];
  const clock = [advance, advance, fc.constantFrom(...JUMPS).map((byMs) => new SetClock(byMs))];
  return [...client, ...(setsClock ? clock : []), ...(reopens ? [fc.constant(new Reopen())] : [])];
}

/** Where the clock cannot be set, nothing comes due and nothing times out while a run lasts. */
function wantedFor(setsClock: boolean): Arbitrary<Wanted> {
  return fc.record({
    priority: fc.constantFrom(1, 5, 5, 10),
    taskType: fc.constantFrom(...TYPES),
    maxRetries: fc.integer({ min: 0, max: 3 }),
    autoRetry: fc.boolean(),
    timeoutSeconds: fc.constantFrom(null, setsClock ? 30 : 3_600),
    delayMs: fc.constantFrom(null, null, -HOUR_MS, setsClock ? 5_000 : DAY_MS),
  });
}

/** Where the clock cannot be set, a lease is over at once or not at all. */
function wishFor(setsClock: boolean): Arbitrary<ConstructorParameters<typeof Claim>[0]> {
  return fc.record({
    taskTypes: fc.constantFrom(null, null, null, null, ['build'], ['test', 'lint'], ['unheard-of']),
    limit: fc.integer({ min: 1, max: 3 }),
    worker: fc.constantFrom('worker-1', 'worker-2', null),
    lengthMs: setsClock ? fc.constantFrom(10_000, 60_000, HOUR_MS) : fc.constantFrom(0, HOUR_MS),
  });
}

const END: Arbitrary<ModelEnd> = fc.oneof(
  fc.record({ command: fc.constant('complete' as const), result: fc.constantFrom(null, '1', '{"a":1}') }),
  fc.record({
    command: fc.constant('fail' as const),
    errorMessage: fc.constantFrom('no disk', 'no net'),
    retryable: fc.boolean(),
  }),
  fc.constant({ command: 'release' as const }),
);
