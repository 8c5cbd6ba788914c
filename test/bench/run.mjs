import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureClaims } from './claims.mjs';
import { BenchServer } from './bench-server.mjs';
import { machine } from './machine.mjs';
import { judge } from './bars.mjs';
import { asText } from './report.mjs';
import { makeScratchFolder, measureSync, sizesOf } from './scratch.mjs';
import { measureStatistics } from './statistics.mjs';
import { measureThroughput } from './throughput.mjs';

// npm run bench [-- --quick] [-- --json] [-- --only throughput|claims|statistics]: how fast the built service is, and
// whether claims and statistics stay fast with many tasks.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const plan = values.quick
  ? {
      rounds: 3,
      times: { warmUpMs: 500, measureMs: 1000 },
      levels: [1_000, 10_000, 100_000],
      claims: 60,
      tasks: 100_000,
    }
  : {
      rounds: 5,
      times: { warmUpMs: 750, measureMs: 2500 },
      levels: [1_000, 10_000, 100_000, 1_000_000],
      claims: 150,
      tasks: 1_000_000,
    };
const tell = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const { folder, reason } = makeScratchFolder();
tell(`scratch files in ${folder}: ${reason}`);
const before = { ...machine(), folder, sync: measureSync(folder, values.quick ? 500 : 2000) };

const isWanted = (part) => values.only === undefined || values.only === part;
const service = isWanted('throughput') ? await throughput() : null;
const claims = isWanted('claims') ? await measureClaims(folder, { ...plan, tell }) : null;
const statistics = isWanted('statistics') ? await overMany() : null;
const report = { ...before, load_average_after: machine().load_average, service, claims, statistics };
report.bars = judge(report);
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));

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
