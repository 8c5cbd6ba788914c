import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { latencyFigures, median } from './figures.mjs';
import { sizesOf } from './scratch.mjs';
import { directoryOf, FILTERS, PEOPLE } from './queue-of-many.mjs';

const require = createRequire(import.meta.url);
const DIST = resolve(import.meta.dirname, '../../dist');
const BATCH = 1000;
const WARM_UP = 5;
const GROUP = 100;
const GROUPS = 10;
const LIVE = { aborted: false };

/**
 * How long a claim takes in queues of growing length, by filter, through the store as the service opens it: one claim
 * at a time, its commit and its fsync included, and as one of 100 that share a commit.
 *
 * @param {string} folder
 * @param {{ levels: number[], claims: number, tell: (text: string) => void }} plan
 */
export async function measureClaims(folder, { levels, claims, tell }) {
  const { migrateStore, openStore } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const path = join(folder, 'claims.db');
  const options = {
    url: { kind: 'sqlite', path },
    maxConnections: 2,
    timeoutMs: 30_000,
    commandTimeoutMs: 600_000,
  };
  await migrateStore(options);
  const store = await openStore(options);
  const results = [];
  let waiting = 0;
  for (const level of levels) {
    const begun = performance.now();
    waiting = await seed(store.tasks, waiting, level);
    const seedMs = performance.now() - begun;
    tell(`${level} tasks wait; the last were stored in ${(seedMs / 1000).toFixed(1)} s`);
    const filters = await measureLevel(store.tasks, claims);
    results.push({ waiting: level, seeding_seconds: seedMs / 1000, ...sizesOf(path), filters });
  }
  await store.close();
  return { claims_per_filter: claims, levels: results };
}

async function seed(tasks, from, to) {
  const { Task } = require(join(DIST, 'libs/domain/src/index.js'));
  const { RandomIds } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const ids = new RandomIds();
  for (let first = from; first < to; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, to - first) }, (_, index) => first + index);
    await tasks.insert(
      (now) => numbers.map((number) => Task.create(draftOf(number), ids.taskId(), PEOPLE, now)),
      LIVE,
    );
  }
  return to;
}

function draftOf(number) {
  return {
    taskType: 'agent_prompt',
    workDirectory: directoryOf(number),
    kbId: null,
    prompt: `Look at part ${number} and say what is wrong with it.`,
    payload: null,
    priority: [2, 5, 8][number % 3],
    tags: [],
    metadata: null,
    availableAt: null,
    timeoutSeconds: null,
    maxRetries: 3,
    autoRetry: false,
  };
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

let tokens = 0;

function claim(tasks, filter) {
  const token = `token-${(tokens += 1)}`;
  const terms = { token, workerId: 'worker-1', lengthMs: 60_000 };
  return tasks.claim(filter, 1, (task, now) => task.claim(terms, PEOPLE, now), LIVE);
}

function release(tasks, { id, state }) {
  const proof = { leaseToken: state.lease.token };
  return tasks.update(id, (task, now) => task.release(null, proof, PEOPLE, now), LIVE);
}
