import { latencyFigures } from './figures.mjs';
import { BenchPostgres } from './postgres.mjs';
import { claim, complete, openBenchPostgres, seed } from './seeding.mjs';

const WORKERS = 50;
/** Parts of the time of which each has figures of its own. */
const PARTS = 10;
/** Claims beside the churn, one at a time, whose time is taken. */
const PAUSE_MS = 20;

/**
 * How long a claim takes on PostgreSQL with very many tasks waiting, while others are created, claimed and completed
 * all the time: dead entries pile up in the indexes that claims read, and a claim must not come to pay for them.
 */
export async function measureChurn({ churnMinutes: minutes, longest: waiting, tell }) {
  const postgres = await BenchPostgres.start();
  const url = await postgres.createDatabase();
  const store = await openBenchPostgres(url);
  try {
    await seed(store.tasks, 0, waiting);
    tell(`${waiting} tasks wait; churning for ${minutes} minutes`);
    const parts = await churn(store.tasks, { minutes, waiting, tell });
    const [dead] = await postgres.ask(url, DEAD);
    return { minutes, waiting, workers: WORKERS, parts, dead_tasks: Number(dead.dead) };
  } finally {
    await store.close();
    await postgres.stop();
  }
}

async function churn(tasks, { minutes, waiting, tell }) {
  const run = { isOver: false, done: 0, number: waiting };
  const workers = Array.from({ length: WORKERS }, () => work(tasks, run));
  const partMs = (minutes * 60_000) / PARTS;
  const parts = [];
  for (let part = 1; part <= PARTS; part += 1) {
    const { done } = run;
    const latencies = await probe(tasks, partMs);
    const { p50, p95 } = latencyFigures(latencies);
    const after = { minute: (part * minutes) / PARTS, claim_p50_ms: p50, claim_p95_ms: p95 };
    parts.push({ ...after, tasks_per_second: ((run.done - done) * 1_000) / partMs });
    tell(
      `minute ${after.minute.toFixed(1)}: claim p95 ${p95.toFixed(1)} ms, ${Math.round(parts.at(-1).tasks_per_second)} tasks/s`,
    );
  }
  run.isOver = true;
  await Promise.all(workers);
  return parts;
}

/** As many wait at the end of each turn as before it. */
async function work(tasks, run) {
  while (!run.isOver) {
    run.number += 1;
    await seed(tasks, run.number, run.number + 1);
    await complete(tasks, await claim(tasks, {}));
    run.done += 1;
  }
}

/** Takes the time of claims for a while; what they get is completed. */
async function probe(tasks, ms) {
  const end = performance.now() + ms;
  const latencies = [];
  while (performance.now() < end) {
    const begun = performance.now();
    const task = await claim(tasks, {});
    latencies.push(performance.now() - begun);
    await complete(tasks, task);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return latencies;
}

const DEAD = `SELECT n_dead_tup AS dead FROM pg_stat_user_tables WHERE relname = 'tasks'`;
