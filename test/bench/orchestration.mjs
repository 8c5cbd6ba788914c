import { join } from 'node:path';
import { latencyFigures } from './figures.mjs';
import { directoryOf, FILTERS, SHARED } from './queue-of-many.mjs';
import { sizesOf } from './scratch.mjs';
import { claim, openBenchStore, release, seed } from './seeding.mjs';

const WARM_UP = 5;
const SHORTEST = 1_000;
/** Of ten tasks one waits for another one, and one shares a key with all others of its kind. */
const ONE_IN = 10;
const BLOCKED = 3;
const KEYED = 7;
const KEY = 'shared';
const FAR_FUTURE = Date.UTC(2200, 0, 1);

const CASES = [
  ...FILTERS.filter(({ hasMany }) => hasMany).map(({ name, filter }) => ({
    name: name === 'recursive_1000' ? 'recursive' : name,
    filter,
  })),
  { name: 'tasks of the key', filter: { directory: { path: SHARED, recursive: false } } },
];

/**
 * How long a claim and its end take where of all waiting tasks one in ten is blocked by another one, and one in ten shares
 * one key, of which one is worked on at a time. A short queue and a long one, each in a file of its own, are asked in
 * turn, so that whatever else the machine does meets both alike.
 *
 * @param {string} folder
 * @param {{ longest: number, claims: number, tell: (text: string) => void }} plan
 */
export async function measureOrchestration(folder, { longest, claims, tell }) {
  const queues = [];
  for (const waiting of [SHORTEST, longest]) {
    queues.push(await openQueue(join(folder, `orchestration-${waiting}.db`), waiting));
    tell(`${waiting} tasks wait, ${waiting / ONE_IN} for another one, ${waiting / ONE_IN} with one key`);
  }
  const cases = queues.flatMap((queue) => CASES.map((each) => ({ ...each, queue, claims: [], ends: [] })));
  for (let round = -WARM_UP; round < claims; round += 1) {
    for (const each of cases) await measureOne(each, round >= 0);
  }
  const levels = queues.map((queue) => levelOf(queue, cases));
  for (const { store } of queues) await store.close();
  return { claims_per_case: claims, levels };
}

async function openQueue(path, waiting) {
  const store = await openBenchStore(path);
  await seed(store.tasks, 0, 1, () => ({ availableAt: FAR_FUTURE }));
  const [source] = (
    await store.tasks.list({
      ...{ filter: {}, sort: { by: 'created_at', order: 'asc' } },
      ...{ limit: 1, offset: 0, after: null },
    })
  ).tasks;
  const isKeyed = (number) => number % ONE_IN === KEYED;
  // Tasks that are ready are in as many directories in either queue.
  const changesOf = (number) =>
    isKeyed(number)
      ? { concurrencyKey: KEY, workDirectory: SHARED }
      : { workDirectory: directoryOf(number % SHORTEST) };
  const behind = { id: source.id, isBehind: (number) => number % ONE_IN === BLOCKED };
  await seed(store.tasks, 1, waiting, changesOf, behind);
  const [{ ready, held }] = await store.concurrencyKeys.list('', 1);
  if (ready !== 1 || ready + held !== waiting / ONE_IN) throw new Error(`${ready} ready, ${held} held`);
  return { path, waiting, store };
}

async function measureOne({ name, filter, queue, claims, ends }, isMeasured) {
  const { tasks } = queue.store;
  const begun = performance.now();
  const [task] = await claim(tasks, filter);
  const claimed = performance.now();
  if (task === undefined) throw new Error(`${name}: nothing was claimed`);
  await release(tasks, task);
  if (!isMeasured) return;
  claims.push(claimed - begun);
  ends.push(performance.now() - claimed);
}

function levelOf(queue, cases) {
  const own = cases.filter((each) => each.queue === queue);
  const told = own.map(({ name, claims, ends }) => [
    name,
    { claim: latencyFigures(claims), end: latencyFigures(ends) },
  ]);
  return { waiting: queue.waiting, ...sizesOf(queue.path), cases: Object.fromEntries(told) };
}
