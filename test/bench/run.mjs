import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureArchiving } from './archiving.mjs';
import { measureClaims } from './claims.mjs';
import { measureChurn } from './churn.mjs';
import { measureDueLater } from './due-later.mjs';
import { measureExpiring } from './expiring.mjs';
import { measureFlat } from './flat.mjs';
import { BenchServer } from './bench-server.mjs';
import { measureInstances } from './instances.mjs';
import { machine } from './machine.mjs';
import { judge } from './bars.mjs';
import { measureOrchestration } from './orchestration.mjs';
import { asText } from './report.mjs';
import { makeScratchFolder, measureSync, sizesOf } from './scratch.mjs';
import { measureSeedsLoad } from './seeds-load.mjs';
import { measureSmall } from './small.mjs';
import { measureStatistics } from './statistics.mjs';
import { measureTaskManager } from './task-manager.mjs';
import { measureThroughput } from './throughput.mjs';

// npm run bench [-- --quick] [-- --json] [-- --only throughput|claims|lengths|due-later|orchestration|expiring|statistics|task-manager|small|seeds-load|flat|archiving|instances|churn]
// [-- --minutes 10 --requests 2000000]: how fast the built service is; whether claims stay fast in a long queue, beside tasks that are due later or wait for others, and while
// leases expire; how fast statistics are over many tasks; what the task manager promises;
// whether the requirements' own figures hold; whether every read is as quick in a long queue as in a short one; and how small it is, under the load of a normal day for so many minutes, and after so many requests.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    minutes: { type: 'string' },
    requests: { type: 'string' },
    reads: { type: 'string' },
    tasks: { type: 'string' },
  },
});
const plan = values.quick
  ? {
      ...{ rounds: 3, times: { warmUpMs: 500, measureMs: 1000 }, levels: [1_000, 10_000, 100_000] },
      ...{ claims: 60, longest: 100_000, leases: 10_000 },
      seconds: 5,
      tasks: 100_000,
      ...{ starts: 5, minutes: 1, finished: 100_000, requests: 100_000 },
      ...{ loadSeconds: 10, kills: 3, flatTasks: 200_000, flatRounds: 2, sliceMs: 400 },
    }
  : {
      rounds: 5,
      times: { warmUpMs: 750, measureMs: 2500 },
      levels: [1_000, 10_000, 100_000, 1_000_000],
      claims: 150,
      longest: 1_000_000,
      leases: 100_000,
      seconds: 20,
      tasks: 1_000_000,
      ...{ starts: 11, minutes: 10, finished: 1_000_000, requests: 2_000_000 },
      ...{ loadSeconds: 60, kills: 5, flatTasks: 1_000_000, flatRounds: 3, sliceMs: 700 },
    };
const CHURN_MINUTES = 15;
if (values.minutes !== undefined) plan.minutes = Number(values.minutes);
if (values.requests !== undefined) plan.requests = Number(values.requests);
if (values.tasks !== undefined) plan.flatTasks = Number(values.tasks);
if (values.reads !== undefined) plan.reads = values.reads;
/** Parts of the bench by the names under which they can be asked for alone. */
const isWanted = (...names) => values.only === undefined || names.includes(values.only);
const tell = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const { folder, reason } = makeScratchFolder();
tell(`scratch files in ${folder}: ${reason}`);
const before = { ...machine(), folder, sync: measureSync(folder, values.quick ? 500 : 2000) };

const service = isWanted('throughput') ? await throughput() : null;
const claims = isWanted('claims', 'lengths') ? await measureClaims(folder, { ...plan, tell }) : null;
const dueLater = isWanted('claims', 'due-later') ? await measureDueLater(folder, { ...plan, tell }) : null;
const orchestration = isWanted('claims', 'orchestration')
  ? await measureOrchestration(folder, { ...plan, tell })
  : null;
const expiring = isWanted('claims', 'expiring') ? await measureExpiring(folder, { ...plan, tell }) : null;
const statistics = isWanted('statistics') ? await overMany() : null;
const taskManager = isWanted('task-manager') ? await measuredTaskManager() : null;
const small = isWanted('small') ? await measureSmall(join(folder, 'small'), { ...plan, tell }) : null;
const seedsLoad = isWanted('seeds-load')
  ? await measureSeedsLoad(join(folder, 'seeds-load'), { ...plan, tell })
  : null;
const flat = isWanted('flat') ? await measureFlat(join(folder, 'flat'), { ...plan, tell }) : null;
const archiving = isWanted('archiving')
  ? await measureArchiving(join(folder, 'archiving'), { ...plan, tell })
  : null;
const instances = isWanted('instances')
  ? await measureInstances(join(folder, 'instances'), { ...plan, tell })
  : null;
// Only when it is asked for: it takes a quarter of an hour.
const churn = values.only === 'churn' ? await measureChurn(churnPlan()) : null;
const report = {
  ...before,
  load_average_after: machine().load_average,
  ...{
    service,
    claims,
    due_later: dueLater,
    orchestration,
    expiring,
    statistics,
    task_manager: taskManager,
    small,
  },
  ...{ seeds_load: seedsLoad, flat, archiving, instances, churn },
};
report.bars = judge(report);
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));

function churnPlan() {
  return { minutes: Number(values.minutes ?? CHURN_MINUTES), waiting: plan.longest, tell };
}

function measuredTaskManager() {
  const { seconds, levels } = plan;
  return measureTaskManager(folder, { seconds, waiting: levels.at(-1), reads: 1000, tell });
}

/** In a folder of its own: its tasks are those of a month. */
function overMany() {
  const { rounds, tasks, times } = plan;
  return measureStatistics(join(folder, 'month'), { rounds, tasks, measureMs: 2 * times.measureMs, tell });
}

async function throughput() {
  const server = await BenchServer.start(folder);
  try {
    const routes = await measureThroughput(server, { ...plan, tell });
    const { total } = (await server.ask('/api/v1/tasks?limit=1')).pagination;
    return {
      ...plan.times,
      rounds: plan.rounds,
      routes,
      idle_memory: server.idle,
      tasks: total,
      ...sizesOf(server.database),
    };
  } finally {
    await server.stop();
  }
}
