import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { BenchServer } from './bench-server.mjs';
import { latencyFigures, medians } from './figures.mjs';
import { directoryOf, PEOPLE } from './queue-of-many.mjs';
import { sizesOf } from './scratch.mjs';

const require = createRequire(import.meta.url);
const DIST = resolve(import.meta.dirname, '../../dist');
const LIVE = { aborted: false };
const BATCH = 1000;
/** Tasks of a batch that are completed at the same moment. */
const TOGETHER = 100;
const MONTH_MS = 30 * 86_400_000;
const TYPES = [
  'document_processing',
  'embedding_generation',
  'knowledge_indexing',
  'build',
  'test',
  'agent_prompt',
];
const CLAIMERS = 4;
const STATISTICS_PER_SECOND = 10;
const QUERIES = [
  'period=1h',
  'period=24h',
  'period=24h&granularity=minute',
  'period=7d',
  'period=30d',
  'period=30d&granularity=hour',
];

/**
 * How long statistics take over so many tasks of the last 30 days, and claims with and without somebody who asks for
 * them ten times a second: in turn, several times, since only what was measured side by side can be compared.
 *
 * @param {string} folder
 * @param {{ tasks: number, rounds: number, measureMs: number, tell: (text: string) => void }} plan
 */
export async function measureStatistics(folder, { tasks, rounds, measureMs, tell }) {
  const path = join(folder, 'data', 'tasks.db');
  const waiting = Math.min(tasks / 10, rounds * 2 * measureMs * 3);
  const seedMs = await seed(path, tasks, waiting);
  tell(`${tasks} tasks of 30 days are there, after ${(seedMs / 1000).toFixed(1)} s`);
  const server = await BenchServer.start(folder);
  try {
    const alone = [];
    const meanwhile = [];
    const statistics = [];
    await claimFor(server, measureMs);
    for (let round = 1; round <= rounds; round += 1) {
      alone.push(latencyFigures(await claimFor(server, measureMs)));
      const asking = askFor(server, measureMs);
      meanwhile.push(latencyFigures(await claimFor(server, measureMs)));
      statistics.push(...(await asking));
      tell(
        `round ${round} of ${rounds}: claims p95 ${alone.at(-1).p95.toFixed(2)} and ${meanwhile.at(-1).p95.toFixed(2)} ms`,
      );
    }
    const byQuery = Map.groupBy(statistics, ({ query }) => query);
    return {
      tasks,
      seeding_seconds: seedMs / 1000,
      ...sizesOf(path),
      asked: statistics.length,
      statistics: latencyFigures(statistics.map(({ ms }) => ms)),
      by_query: Object.fromEntries(
        [...byQuery].map(([query, all]) => [query, latencyFigures(all.map(({ ms }) => ms))]),
      ),
      claims_alone: medians(alone),
      claims_meanwhile: medians(meanwhile),
    };
  } finally {
    await server.stop();
  }
}

/** Work of 30 days: all tasks but those that wait were claimed and completed, after 10 ms to 3 hours. */
async function seed(path, tasks, waiting) {
  const { migrateStore, openStore } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const begun = performance.now();
  const from = Date.now() - MONTH_MS;
  const clock = { time: from, now: () => clock.time };
  const options = {
    url: { kind: 'sqlite', path },
    maxConnections: 2,
    timeoutMs: 30_000,
    commandTimeoutMs: 600_000,
    clock,
  };
  mkdirSync(dirname(path), { recursive: true });
  await migrateStore(options);
  const store = await openStore(options);
  for (let first = 0; first < tasks; first += BATCH) {
    clock.time = Math.round(from + (MONTH_MS * first) / tasks);
    await create(store.tasks, first);
    if (first + BATCH <= tasks - waiting) await work(store.tasks, clock);
  }
  await store.close();
  return performance.now() - begun;
}

async function create(tasks, first) {
  const { Task } = require(join(DIST, 'libs/domain/src/index.js'));
  const { RandomIds } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const ids = new RandomIds();
  const numbers = Array.from({ length: BATCH }, (_, index) => first + index);
  await tasks.insert(
    (now) => numbers.map((number) => Task.create(draftOf(number), ids.taskId(), PEOPLE, now)),
    LIVE,
  );
}

async function work(tasks, clock) {
  const terms = { token: 'token', workerId: 'worker-1', lengthMs: 86_400_000 };
  const claimed = await tasks.claim({}, BATCH, (task, now) => task.claim(terms, PEOPLE, now), LIVE);
  const begun = clock.time;
  for (let first = 0; first < claimed.length; first += TOGETHER) {
    clock.time = begun + Math.round(10 * 1_080_000 ** Math.random());
    await Promise.all(
      claimed
        .slice(first, first + TOGETHER)
        .map(({ id }) =>
          tasks.update(id, (task, now) => task.complete(null, { leaseToken: 'token' }, PEOPLE, now), LIVE),
        ),
    );
  }
}

function draftOf(number) {
  return {
    taskType: TYPES[number % TYPES.length],
    workDirectory: directoryOf(number),
    kbId: number % 4 === 0 ? null : `kb-${number % 50}`,
    prompt: `Look at part ${number} and say what is wrong with it.`,
    payload: null,
    priority: [2, 5, 8][number % 3],
    tags: [],
    metadata: null,
    availableAt: null,
    timeoutSeconds: null,
    maxRetries: 3,
    autoRetry: false,
    concurrencyKey: null,
  };
}

/** Claims and completes, a few at a time. @returns ms of each claim */
async function claimFor(server, ms) {
  const end = performance.now() + ms;
  const latencies = [];
  const claimer = async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      const [task] = (await server.send('POST', '/api/v1/tasks/claim', { limit: 1 })).tasks;
      latencies.push(performance.now() - begun);
      if (task === undefined) throw new Error('nothing was left to claim');
      await server.send('POST', `/api/v1/tasks/${task.task_id}/complete`, { lease_token: task.lease_token });
    }
  };
  await Promise.all(Array.from({ length: CLAIMERS }, claimer));
  return latencies;
}

/** Asks for statistics at a steady pace, however long the answers take. @returns {Promise<{ query: string, ms: number }[]>} */
async function askFor(server, ms) {
  const asked = [];
  const count = Math.floor((ms / 1000) * STATISTICS_PER_SECOND);
  for (let index = 0; index < count; index += 1) {
    asked.push(ask(server, QUERIES[index % QUERIES.length]));
    await new Promise((go) => setTimeout(go, 1000 / STATISTICS_PER_SECOND));
  }
  return Promise.all(asked);
}

async function ask(server, query) {
  const begun = performance.now();
  await server.ask(`/api/v1/statistics?${query}`);
  return { query, ms: performance.now() - begun };
}
