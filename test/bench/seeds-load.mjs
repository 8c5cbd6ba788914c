import { cpus } from 'node:os';
import { join } from 'node:path';
import { median } from './figures.mjs';
import { between, boundOf, histogramIn } from './histogram.mjs';
import { busyMs } from './machine.mjs';
import { MemoryWatch } from './memory-watch.mjs';
import { Product } from './product.mjs';
import { sizesOf } from './scratch.mjs';
import { fill, seed } from './seeding.mjs';
import { inTheirDirectories, SteadyLoad } from './steady-load.mjs';

const REQUESTS_PER_SECOND = 1000;
const TASKS_AT_THE_BEGINNING = 10_000;
const WARM_UP_SECONDS = 3;
/** How long requests come before the service is killed amid them, and how many a second. */
const BEFORE_THE_END = { seconds: 3, perSecond: 500 };

/**
 * The requirements' own figures: requests that come at their pace whatever becomes of the answers, and how soon the
 * service is back after it was killed amid requests with very many tasks.
 *
 * @param {string} folder
 * @param {{ loadSeconds: number, longest: number, kills: number, tell: (text: string) => void }} plan
 */
export async function measureSeedsLoad(folder, plan) {
  return {
    load: await measureLoad(join(folder, 'load'), plan),
    restart: await measureRestart(join(folder, 'restart'), plan),
  };
}

async function measureLoad(folder, { loadSeconds, tell }) {
  await fill(folder, ({ tasks }) => seed(tasks, 0, TASKS_AT_THE_BEGINNING, inTheirDirectories));
  const product = await Product.start(folder);
  try {
    await new SteadyLoad(product).run({ seconds: WARM_UP_SECONDS, perSecond: REQUESTS_PER_SECOND });
    const begun = { at: performance.now(), cpuMs: product.cpuMs(), own: process.cpuUsage(), all: busyMs() };
    const database = await groupsOf(product);
    const watch = new MemoryWatch(product);
    const load = new SteadyLoad(product);
    const done = await load.run({ seconds: loadSeconds, perSecond: REQUESTS_PER_SECOND });
    const memory = watch.end();
    const shares = sharesSince(begun, product);
    tell(`${loadSeconds} s of ${REQUESTS_PER_SECOND} requests/s`);
    return {
      seconds: loadSeconds,
      per_second: REQUESTS_PER_SECOND,
      tasks: TASKS_AT_THE_BEGINNING,
      memory,
      shares,
      database: databaseFigures(database, await groupsOf(product)),
      ...done,
    };
  } finally {
    await product.stop();
  }
}

/**
 * Who has used how much of the machine's processors since then, 0–1. The system measures what a process takes, and of
 * the whole machine only samples who is on at each tick: what runs for less than a tick can be missing there, so that
 * the rest for all others is no more than an estimate.
 */
function sharesSince(begun, product) {
  const ms = (performance.now() - begun.at) * cpus().length;
  const used = process.cpuUsage(begun.own);
  const service = (product.cpuMs() - begun.cpuMs) / ms;
  const load = (used.user + used.system) / 1000 / ms;
  const machine = (busyMs() - begun.all) / ms;
  return { service, load, machine, others: Math.max(0, machine - service - load) };
}

/** What the service has counted of its transactions. */
async function groupsOf({ url, headers }) {
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  return {
    seconds: histogramIn(text, 'task_orchestrator_commit_group_duration_seconds'),
    commands: histogramIn(text, 'task_orchestrator_commit_group_commands'),
  };
}

function databaseFigures(earlier, later) {
  const seconds = between(earlier.seconds, later.seconds);
  const commands = between(earlier.commands, later.commands);
  return {
    transactions: seconds.counts.at(-1),
    transaction_p95_ms_at_most: boundOf(seconds, 0.95) * 1000,
    transaction_mean_ms: (seconds.sum * 1000) / seconds.counts.at(-1),
    operation_mean_ms: (seconds.sum * 1000) / commands.sum,
  };
}

/** Killed amid requests, with what they wrote in the log only; from the launcher's start until it says that it is ready. */
async function measureRestart(folder, { longest, kills, tell }) {
  await fill(folder, ({ tasks }) => seed(tasks, 0, longest, inTheirDirectories));
  tell(`${longest} tasks wait`);
  const rounds = [];
  let product = await Product.start(folder);
  for (let count = 0; count < kills; count += 1) {
    const load = new SteadyLoad(product).run(BEFORE_THE_END);
    await new Promise((resolve) => setTimeout(resolve, (BEFORE_THE_END.seconds * 1000) / 2));
    await product.kill();
    await load;
    const { wal_bytes } = sizesOf(product.database);
    const begun = performance.now();
    product = await Product.start(folder);
    await product.untilReady();
    rounds.push({ ready_ms: performance.now() - begun, wal_bytes });
    tell(`ready ${Math.round(rounds.at(-1).ready_ms)} ms after a kill`);
  }
  const { file_bytes } = sizesOf(product.database);
  await product.stop();
  const ready = rounds.map(({ ready_ms }) => ready_ms);
  const wal = Math.max(...rounds.map(({ wal_bytes }) => wal_bytes));
  return {
    tasks: longest,
    kills,
    file_bytes,
    wal_bytes: wal,
    ready_ms: { median: median(ready), most: Math.max(...ready) },
  };
}
