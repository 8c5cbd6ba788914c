import { join } from 'node:path';
import { latencyFigures } from './figures.mjs';
import { FILTERS } from './queue-of-many.mjs';
import { sizesOf } from './scratch.mjs';
import { cancel, claim, openBenchStore, seed } from './seeding.mjs';

const WARM_UP = 5;
const FIRST_LEVEL = 1_000;
/** Between the times at which one task after the other comes due. */
const STEP_MS = 1_000;
const MOST_URGENT = 10;
const BACKLOG = 10_000;

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
 * due just before each claim, which then has to be the one that is handed out. At last, in the longest queue, how long
 * the claims take that find many come due at once.
 *
 * @param {string} folder
 * @param {{ longest: number, claims: number, tell: (text: string) => void }} plan
 */
export async function measureDueLater(folder, { longest, claims, tell }) {
  const path = join(folder, 'due-later.db');
  const clock = new SetClock();
  const store = await openBenchStore(path, clock);
  const start = clock.now();
  // One a step, in order of arrival, as the clock goes on.
  const changesOf = (number) =>
    number % 2 === 0 ? {} : { availableAt: start + ((number + 1) / 2) * STEP_MS, priority: MOST_URGENT };
  const levels = [];
  let waiting = 0;
  for (const level of [FIRST_LEVEL, longest]) {
    waiting = await seed(store.tasks, waiting, level, changesOf);
    tell(`${level} tasks wait, half of them until later`);
    levels.push({ waiting: level, ...sizesOf(path), claims: await measureLevel(store.tasks, clock, claims) });
  }
  const backlog = await measureBacklog(store.tasks, clock);
  await store.close();
  return { claims_per_case: claims, levels, backlog };
}

/** All cases in turn, so that whatever else the machine does meets all of them alike. */
async function measureLevel(tasks, clock, claims) {
  const cases = FILTERS.filter(({ hasMany }) => hasMany).flatMap(({ name, filter }) => [
    { name: `${name}, none comes due`, filter, comesDue: false, latencies: [] },
    { name: `${name}, one comes due`, filter, comesDue: true, latencies: [] },
  ]);
  for (let round = -WARM_UP; round < claims; round += 1) {
    for (const each of cases) {
      if (each.comesDue) clock.advance(STEP_MS);
      const ms = await timeClaim(tasks, each);
      if (round >= 0) each.latencies.push(ms);
    }
  }
  return Object.fromEntries(
    cases.map(({ name, latencies }) => {
      const { p50, p95 } = latencyFigures(latencies);
      return [name, { p50_ms: p50, p95_ms: p95 }];
    }),
  );
}

async function timeClaim(tasks, { name, filter, comesDue }) {
  const begun = performance.now();
  const [task] = await claim(tasks, filter);
  const ms = performance.now() - begun;
  const wasScheduled = task?.state.availableAt !== null;
  if (task === undefined || wasScheduled !== comesDue) throw new Error(`${name}: the wrong task was claimed`);
  await cancel(tasks, task);
  return ms;
}

/** Many come due at once; claims take them over step by step. */
async function measureBacklog(tasks, clock) {
  clock.advance(BACKLOG * STEP_MS);
  const latencies = [];
  for (let claimed = 0; claimed < BACKLOG / 100; claimed += 1) {
    latencies.push(await timeClaim(tasks, { name: 'backlog', filter: {}, comesDue: true }));
  }
  const { p50, p95 } = latencyFigures(latencies);
  return { came_due: BACKLOG, p50_ms: p50, p95_ms: p95, highest_ms: Math.max(...latencies) };
}
