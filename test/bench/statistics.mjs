import { BenchServer } from './bench-server.mjs';
import { Client } from './client.mjs';
import { latencyFigures, medians } from './figures.mjs';
import { sizesOf } from './scratch.mjs';
import { claim, complete, fill, seed } from './seeding.mjs';
import { atPace } from './steady-pace.mjs';

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
const LEASE_MS = 86_400_000;
const CLAIMS_PER_SECOND = 100;
/** What comes on top waits for one of them, and its time runs. */
const CONNECTIONS = 20;
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
  const needed = (1 + 2 * rounds) * (measureMs / 1000) * CLAIMS_PER_SECOND;
  const { path, seedMs } = await fillMonth(folder, tasks, Math.ceil(needed / BATCH) * BATCH);
  tell(`${tasks} tasks of 30 days are there, after ${(seedMs / 1000).toFixed(1)} s`);
  const server = await BenchServer.start(folder);
  const client = new Client(server, CONNECTIONS);
  try {
    const alone = [];
    const meanwhile = [];
    const statistics = [];
    await claimFor(client, measureMs);
    for (let round = 1; round <= rounds; round += 1) {
      alone.push(latencyFigures(await claimFor(client, measureMs)));
      const [claims, asked] = await Promise.all([claimFor(client, measureMs), askFor(server, measureMs)]);
      meanwhile.push(latencyFigures(claims));
      statistics.push(...asked);
      tell(
        `round ${round} of ${rounds}: claims p95 ${alone.at(-1).p95.toFixed(2)} and ${meanwhile.at(-1).p95.toFixed(2)} ms`,
      );
    }
    const byQuery = Map.groupBy(statistics, ({ query }) => query);
    return {
      tasks,
      claims_per_second: CLAIMS_PER_SECOND,
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
    client.close();
    await server.stop();
  }
}

/** Work of 30 days: all tasks but those that wait were claimed and completed, after 10 ms to 3 hours. */
async function fillMonth(folder, tasks, waiting) {
  const begun = performance.now();
  const from = Date.now() - MONTH_MS;
  const clock = { time: from, now: () => clock.time };
  const path = await fill(
    folder,
    async (store) => {
      for (let first = 0; first < tasks; first += BATCH) {
        clock.time = Math.round(from + (MONTH_MS * first) / tasks);
        await seed(store.tasks, first, first + BATCH, changesOf);
        if (first + BATCH <= tasks - waiting) await work(store.tasks, clock);
      }
    },
    clock,
  );
  return { path, seedMs: performance.now() - begun };
}

async function work(tasks, clock) {
  const claimed = await claim(tasks, {}, BATCH, LEASE_MS);
  const begun = clock.time;
  for (let first = 0; first < claimed.length; first += TOGETHER) {
    clock.time = begun + Math.round(10 * 1_080_000 ** Math.random());
    await complete(tasks, claimed.slice(first, first + TOGETHER));
  }
}

function changesOf(number) {
  return {
    taskType: TYPES[number % TYPES.length],
    kbId: number % 4 === 0 ? null : `kb-${number % 50}`,
  };
}

/** Claims at a steady pace, and completes what it got. @returns ms of each claim, from when it was due */
function claimFor(client, ms) {
  return atPace({ perSecond: CLAIMS_PER_SECOND, ms }, async (due) => {
    const [task] = (await client.ask('POST', '/api/v1/tasks/claim', { limit: 1 })).tasks;
    const latency = performance.now() - due;
    if (task === undefined) throw new Error('nothing was left to claim');
    await client.ask('POST', `/api/v1/tasks/${task.task_id}/complete`, { lease_token: task.lease_token });
    return latency;
  });
}

/** Asks for statistics at a steady pace. @returns {Promise<{ query: string, ms: number }[]>} ms of each, from when it was due */
function askFor(server, ms) {
  return atPace({ perSecond: STATISTICS_PER_SECOND, ms }, async (due, count) => {
    const query = QUERIES[count % QUERIES.length];
    await server.ask(`/api/v1/statistics?${query}`);
    return { query, ms: performance.now() - due };
  });
}
