import { TASK_STATUSES, type Task } from '@task/domain';
import fc from 'fast-check';
import { assertProperty } from '../../support/assert-property';
import { expectCountedKeys, expectOffered, expectWithinLimits } from './judge-keys';
import { expectAllTold, expectCountedEdges, expectOrder } from './judge-order';
import { playsOf, type Burst } from './moves';
import { Play, type PlayedStore } from './play';

const HOUR_MS = 3_600_000;
/** More rounds than any chain of tasks is long: whoever needs more waits for ever. */
const MOST_ROUNDS = 500;

/** How long and how often a store is tried. */
export interface Trial {
  readonly numRuns: number;
  readonly maxBursts: number;
  /** What else is to hold at the end of each play. */
  readonly atEnd?: () => Promise<void>;
}

/**
 * Plays at random with graphs of tasks and judges after each burst. A run that fails is made as small as it gets, and
 * told with the seed and the path that repeat it.
 */
export async function tryGraphs(
  open: () => Promise<PlayedStore & { readonly atEnd?: () => Promise<void> }>,
  { numRuns, maxBursts }: Trial,
): Promise<void> {
  await assertProperty(
    fc.asyncProperty(playsOf(maxBursts), async (bursts) => {
      const store = await open();
      try {
        await judged(new Play(store), bursts);
        await store.atEnd?.();
      } finally {
        await store.close();
      }
    }),
    { numRuns },
  );
}

async function judged(play: Play, bursts: readonly Burst[]): Promise<void> {
  for (const burst of bursts) {
    const before = (await play.queue.events()).length;
    await play.together(burst.map(({ run }) => run));
    await judge(play, before);
  }
  await settle(play);
  await finishAll(play);
  await judge(play, Infinity);
}

/** What holds at any time. */
async function judge(play: Play, since: number): Promise<void> {
  const { queue, filed } = play;
  const [tasks, events] = [await queue.all(), await queue.events()];
  expect(events.map(({ eventId }) => eventId)).toEqual(events.map((_, index) => index + 1));
  expectOrder(filed, events);
  expectWithinLimits(play, events, since);
  await expectCountedEdges(play, tasks);
  await expectCountedKeys(play, tasks);
  expect(await queue.store.countByStatus()).toEqual(
    Object.fromEntries(TASK_STATUSES.map((status) => [status, tasks.filter(isIn(status)).length])),
  );
}

/** What holds once everybody has been told. */
async function settle(play: Play): Promise<void> {
  await play.queue.tellAll();
  await play.keys.settleStranded(100);
  const tasks = await play.queue.all();
  expectAllTold(play.filed, tasks);
  expectOffered(play, tasks);
}

/** Works off all that can be: only what waits for something that nobody can bring back is left. */
async function finishAll(play: Play): Promise<void> {
  const { clock } = play;
  for (let round = 0; ; round += 1) {
    expect(round).toBeLessThan(MOST_ROUNDS);
    clock?.advance(HOUR_MS);
    // Slots of cancelled tasks whose workers never learn of it end with their leases.
    if (clock !== undefined) await play.queue.lapse();
    await settle(play);
    const tasks = await play.queue.all();
    for (const task of tasks.filter(isIn('working'))) await play.queue.complete(task);
    const claimed = await play.queue.drain();
    for (const task of claimed) await play.queue.complete(task);
    if (claimed.length === 0 && !tasks.some(isIn('working'))) break;
  }
  const tasks = await play.queue.all();
  const lost = new Set(tasks.filter(({ status }) => status !== 'completed').map(({ id }) => id));
  for (const { id } of tasks.filter(isIn('waiting')).filter(({ state }) => isNowOrNever(state, clock))) {
    const { dependsOn = [] } = play.filed.find((task) => task.id === id) ?? {};
    expect([id, dependsOn.some((on) => lost.has(on))]).toEqual([id, true]);
  }
}

/** Where the clock cannot be set, what is scheduled, and what waits for a slot that only time frees, goes on waiting. */
function isNowOrNever({ gate }: Task['state'], clock: unknown): boolean {
  return clock !== undefined || gate === 'blocked';
}

function isIn(status: Task['status']): (task: Task) => boolean {
  return (task) => task.status === status;
}
