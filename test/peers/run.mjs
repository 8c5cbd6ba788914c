import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from '../bench/machine.mjs';
import { makeScratchFolder, measureSync } from '../bench/scratch.mjs';
import { installPeers, PROJECT } from './install.mjs';
import { judge } from './bars.mjs';
import { summaryOf } from './summary.mjs';
import { asMarkdown, asText } from './report.mjs';

// npm run bench:peers [-- --quick] [-- --json] [-- --write] [-- --only service,bullmq] [-- --waiting 100000]
// [-- --rounds 3] [-- --tasks 10000] [-- --keep folder]:
// this service beside what a user would pick instead, in one run on one machine: the same work, the same durability.
// --write puts the tables into docs/benchmarks.md; --keep leaves the long queues in a folder for the next run.

/** Everybody by name, and whether it has to be installed. */
const CONTESTANTS = {
  service: false,
  'service-batch': false,
  library: false,
  bunqueue: true,
  bullmq: true,
  'graphile-worker': true,
  'pg-boss': true,
  plainjob: true,
  floor: false,
};
/** Whose long queue is made by another's means, which are quicker and leave the same file. */
const SEEDED_BY = { service: 'library', 'service-batch': 'library' };
const PAGE = join(PROJECT, 'docs/benchmarks.md');
const MARKS = ['<!-- peers -->', '<!-- /peers -->'];
const SEEDING_MS = 900_000;
/** For servers that read for long what waits, and processes that do not end in the time that they were given. */
const GRACE_MS = 700_000;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    keep: { type: 'string' },
    only: { type: 'string' },
    waiting: { type: 'string' },
    rounds: { type: 'string' },
    tasks: { type: 'string' },
  },
});
const plan = {
  atOnce: 100,
  ...(values.quick
    ? { rounds: 1, tasks: 1000, warmUp: 200, waiting: 20_000, timeoutMs: 60_000 }
    : { rounds: 3, tasks: 10_000, warmUp: 1000, waiting: 1_000_000, timeoutMs: 240_000 }),
};
for (const name of ['waiting', 'rounds', 'tasks']) {
  if (values[name] !== undefined) plan[name] = Number(values[name]);
}
const names = values.only?.split(',') ?? Object.keys(CONTESTANTS);
const strangers = names.filter((name) => !(name in CONTESTANTS));
if (strangers.length > 0)
  throw new Error(`no such contestant: ${strangers}; there are ${Object.keys(CONTESTANTS)}`);
const tell = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const running = new Set();
process.on('exit', () => running.forEach(endGroup));
/** Told to stop, it reports what it has; told again, it ends. */
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

const { folder: scratch, reason } = makeScratchFolder();
tell(`scratch files in ${scratch}: ${reason}`);
const installation = names.some((name) => CONTESTANTS[name]) ? installPeers() : null;
if (installation !== null) tell(`the peers could not be installed: ${installation}`);
const kept = values.keep === undefined ? scratch : resolve(values.keep);

mkdirSync(kept, { recursive: true });
// PostgreSQL has a user of its own, which has to pass through.
for (const folder of new Set([scratch, kept])) chmodSync(folder, 0o711);

const results = Object.fromEntries(names.map((name) => [name, { failures: [], empty: [], full: [] }]));
const before = machine();
const syncs = [];
await inTurns(runEmpty);
for (const name of names) {
  if (!isStopping) await prepare(name);
}
await inTurns(runFull);
const after = machine();

const contestants = summaryOf(results);
const report = {
  ...before,
  load_average_after: after.load_average,
  syncs,
  plan,
  contestants,
  bars: judge(contestants, plan),
};
if (values.write) writePage(asMarkdown(report));
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));

async function prepare(name) {
  const folder = join(kept, `${name}-waiting`);
  const wanted = plan.waiting + plan.rounds * takenInFull();
  const missing = wanted - leftIn(folder);
  if (missing <= 0) return;
  const outcome = await compete(SEEDED_BY[name] ?? name, 'seed', folder, {
    waiting: missing,
    timeoutMs: SEEDING_MS,
  });
  if (outcome.failure === undefined) note(folder, wanted);
  else if (!isStopping)
    results[name].failures.push(`seed: ${missing} tasks could not be filed: ${outcome.failure}`);
  tell(`${name}: ${outcome.failure ?? `${missing} more wait after ${outcome.figures.seconds.toFixed(0)} s`}`);
}

/** Lets all contestants do a part as often as planned, each first once: none has always the machine as another left it. */
async function inTurns(run) {
  for (let round = 1; round <= plan.rounds; round += 1) {
    syncs.push(measureSync(scratch, values.quick ? 500 : 2000));
    const order = [...names.slice(round - 1), ...names.slice(0, round - 1)];
    for (const name of order) {
      if (!isStopping) await run(name, round);
    }
  }
}

async function runEmpty(name, round) {
  const folder = join(scratch, `${name}-${round}`);
  if (hasFailed(name, 'empty')) return;
  take(name, 'empty', round, await compete(name, 'empty', folder));
  rmSync(folder, { recursive: true, force: true });
}

async function runFull(name, round) {
  const folder = join(kept, `${name}-waiting`);
  const left = leftIn(folder);
  if (hasFailed(name, 'seed') || hasFailed(name, 'full') || left < plan.waiting) return;
  const outcome = await compete(name, 'full', folder);
  // After a failure nobody knows how many are left: as many as it may have taken are missing.
  note(folder, left - takenInFull());
  take(name, 'full', round, outcome);
}

/** Of those that wait, what a round takes: as many to warm up as are measured, and a few more. */
function takenInFull() {
  return 2 * plan.tasks + plan.warmUp;
}

/** What failed once is not tried again in this run. */
function hasFailed(name, part) {
  return results[name].failures.some((failure) => failure.startsWith(`${part}: `));
}

function take(name, part, round, { figures, failure, version, settings }) {
  if (isStopping) return;
  if (failure !== undefined) results[name].failures.push(`${part}: ${failure}`);
  else {
    results[name][part].push(figures);
    Object.assign(results[name], { version, settings });
  }
  const rate = (figure) => (figure === undefined ? '' : ` ${Math.round(figure)}/s`);
  tell(
    `round ${round}, ${part}, ${name}:${rate(figures?.filed_per_second)}${rate(figures?.done_per_second)} ${failure ?? ''}`,
  );
}

/** Lets a contestant do one part in a process group of its own, which is gone when this returns. */
async function compete(name, part, folder, changes = {}) {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const task = { ...plan, name, part, folder, ...changes };
  const child = fork(join(import.meta.dirname, 'contest.mjs'), [JSON.stringify(task)], {
    detached: true,
    // What the clients' libraries print is nobody's business here.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  running.add(child.pid);
  let errors = '';
  child.stderr.on('data', (text) => (errors = (errors + text).slice(-500)));
  const timer = setTimeout(() => endGroup(child.pid), task.timeoutMs + GRACE_MS);
  const told = [];
  child.on('message', (message) => told.push(message));
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  endGroup(child.pid);
  running.delete(child.pid);
  return told[0] ?? { failure: `it ended with ${code ?? signal}: ${errors.trim().split('\n').at(-1)}` };
}

function stop() {
  if (isStopping) process.exit(1);
  isStopping = true;
  running.forEach(endGroup);
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}

function leftIn(folder) {
  const path = join(folder, 'left.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : 0;
}

function note(folder, left) {
  writeFileSync(join(folder, 'left.json'), String(left));
}

function writePage(tables) {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = MARKS.map((mark) => page.indexOf(mark));
  if (from === -1 || to === -1) throw new Error(`${PAGE} has no ${MARKS.join(' … ')}`);
  writeFileSync(PAGE, `${page.slice(0, from)}${MARKS[0]}\n\n${tables}\n${page.slice(to)}`);
}
