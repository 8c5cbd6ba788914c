import { join } from 'node:path';
import { latencyFigures } from './figures.mjs';
import { FILTERS } from './queue-of-many.mjs';
import { sizesOf } from './scratch.mjs';
import { cancel, claim, openBenchStore, seed } from './seeding.mjs';

const WARM_UP = 5;
const SHORTEST = 1_000;
/** Between the times at which one task after the other comes due. */
const STEP_MS = 1_000;
const MOST_URGENT = 10;
const BACKLOG = 10_000;
const BACKLOG_CLAIMS = 100;

/** A clock that stands still until it is told to go on, so that as much comes due as is wanted, and when. */
class SetClock {
  #now = Date.UTC(2025, 0, 1);

  now() {
    return this.#now;
  }

  advance(ms) {
    this.#now += ms;
  }
}

/**
 * How long a claim takes where every second waiting task is due later: while none comes due, and where one has come
 * due just before each claim, which then has to be the one that is handed out. A short queue and a long one, each in a
 * file of its own, are asked in turn, so that whatever else the machine does meets both alike. At last, in the long
 * queue, how long the claims take that find many come due at once.
 *
 * @param {string} folder
 * @param {{ longest: number, claims: number, tell: (text: string) => void }} plan
 */
export async function measureDueLater(folder, { longest, claims, tell }) {
  const queues = [];
  for (const waiting of [SHORTEST, longest]) {
    queues.push(await openQueue(join(folder, `due-later-${waiting}.db`), waiting));
    tell(`${waiting} tasks wait, half of them until later`);
  }
  const cases = queues.flatMap(casesOf);
  for (let round = -WARM_UP; round < claims; round += 1) {
    for (const each of cases) {
      if (each.comesDue) each.queue.clock.advance(STEP_MS);
      const ms = await timeClaim(each);
      if (round >= 0) each.latencies.push(ms);
    }
  }
  const levels = queues.map((queue) => levelOf(queue, cases));
  const backlog = await measureBacklog(queues.at(-1));
  for (const { store } of queues) await store.close();
  return { claims_per_case: claims, levels, backlog };
}

async function openQueue(path, waiting) {
  const clock = new SetClock();
  const store = await openBenchStore(path, clock);
  const start = clock.now();
  // One a step, in order of arrival, as the clock goes on.
  const changesOf = (number) =>
    number % 2 === 0 ? {} : { availableAt: start + ((number + 1) / 2) * STEP_MS, priority: MOST_URGENT };
  await seed(store.tasks, 0, waiting, changesOf);
  return { path, waiting, clock, store };
}

function casesOf(queue) {
  return FILTERS.filter(({ hasMany }) => hasMany).flatMap(({ name, filter }) => [
    { name: `${name}, none comes due`, queue, filter, comesDue: false, latencies: [] },
    { name: `${name}, one comes due`, queue, filter, comesDue: true, latencies: [] },
  ]);
}

function levelOf(queue, cases) {
  const own = cases.filter((each) => each.queue === queue);
  const claims = own.map(({ name, latencies }) => {
    const { p50, p95 } = latencyFigures(latencies);
    return [name, { p50_ms: p50, p95_ms: p95 }];
  });
  return { waiting: queue.waiting, ...sizesOf(queue.path), claims: Object.fromEntries(claims) };
}

async function timeClaim({ name, queue, filter, comesDue }) {
  const { tasks } = queue.store;
  const begun = performance.now();
  const [task] = await claim(tasks, filter);
  const ms = performance.now() - begun;
  const wasScheduled = task?.state.availableAt !== null;
  if (task === undefined || wasScheduled !== comesDue) throw new Error(`${name}: the wrong task was claimed`);
  await cancel(tasks, task);
  return ms;
}

/** Many come due at once; claims take them over step by step. */
async function measureBacklog(queue) {
  queue.clock.advance(BACKLOG * STEP_MS);
  const latencies = [];
  for (let claimed = 0; claimed < BACKLOG_CLAIMS; claimed += 1) {
    latencies.push(await timeClaim({ name: 'backlog', queue, filter: {}, comesDue: true }));
  }
  const { p50, p95 } = latencyFigures(latencies);
  return { came_due: BACKLOG, p50_ms: p50, p95_ms: p95, highest_ms: Math.max(...latencies) };
}
