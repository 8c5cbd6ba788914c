import { join } from 'node:path';
import { latencyFigures, median } from './figures.mjs';
import { sizesOf } from './scratch.mjs';
import { FILTERS } from './queue-of-many.mjs';
import { claim, openBenchStore, release, seed } from './seeding.mjs';

const WARM_UP = 5;
const GROUP = 100;
const GROUPS = 10;

/**
 * How long a claim takes in queues of growing length, by filter, through the store as the service opens it: one claim
 * at a time, its commit and its fsync included, and as one of 100 that share a commit.
 *
 * @param {string} folder
 * @param {{ levels: number[], claims: number, tell: (text: string) => void }} plan
 */
export async function measureClaims(folder, { levels, claims, tell }) {
  const path = join(folder, 'claims.db');
  const store = await openBenchStore(path);
  const results = [];
  let waiting = 0;
  for (const level of levels) {
    const begun = performance.now();
    await seed(store.tasks, waiting, level);
    waiting = level;
    const seedMs = performance.now() - begun;
    tell(`${level} tasks wait; the last were stored in ${(seedMs / 1000).toFixed(1)} s`);
    const filters = await measureLevel(store.tasks, claims);
    results.push({ waiting: level, seeding_seconds: seedMs / 1000, ...sizesOf(path), filters });
  }
  await store.close();
  return { claims_per_filter: claims, levels: results };
}

/** The filters in turn, so that whatever else the machine does meets all of them alike. */
async function measureLevel(tasks, claims) {
  const alone = await inTurn(FILTERS, WARM_UP, claims, ({ filter }) => timeClaims(tasks, filter, 1));
  const many = FILTERS.filter(({ hasMany }) => hasMany);
  const together = await inTurn(
    many,
    1,
    GROUPS,
    async ({ filter }) => (await timeClaims(tasks, filter, GROUP)) / GROUP,
  );
  return Object.fromEntries(
    FILTERS.map(({ name }) => {
      const { p50, p95 } = latencyFigures(alone[name]);
      const group = together[name];
      return [name, { p50_ms: p50, p95_ms: p95, ...(group && { in_group_p50_ms: median(group) }) }];
    }),
  );
}

/** @returns {Promise<Record<string, number[]>>} what was measured for each filter, by its name */
async function inTurn(filters, unmeasured, measured, time) {
  const results = Object.fromEntries(filters.map(({ name }) => [name, []]));
  for (let round = -unmeasured; round < measured; round += 1) {
    for (const filter of filters) {
      const ms = await time(filter);
      if (round >= 0) results[filter.name].push(ms);
    }
  }
  return results;
}

/** Claims so many at the same time, and gives back what was claimed. @returns ms until the last is answered */
async function timeClaims(tasks, filter, count) {
  const begun = performance.now();
  const claimed = (await Promise.all(Array.from({ length: count }, () => claim(tasks, filter)))).flat();
  const ms = performance.now() - begun;
  if (claimed.length !== count) throw new Error(`${claimed.length} of ${count} claims got a task`);
  await Promise.all(claimed.map((task) => release(tasks, task)));
  return ms;
}
