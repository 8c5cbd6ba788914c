import { parseArgs } from 'node:util';
import { judge } from './bars.mjs';
import { machine } from './machine.mjs';
import { isWanted, PART_NAMES, PARTS } from './parts.mjs';
import { planFor } from './plans.mjs';
import { asText } from './report.mjs';
import { makeScratchFolder, measureSync } from './scratch.mjs';

// npm run bench                                 everything but flat-postgres and churn
// npm run bench -- --quick                      a first look
// npm run bench -- --json                       for programs
// npm run bench -- --only <part>                one part:
//
//   throughput      how fast the built service is, beside a route that does nothing
//   claims          whether claims stay fast in a long queue; all of the next four, each of which can be asked for alone:
//     lengths         by filter, in queues of growing length
//     due-later       beside tasks that are due later
//     orchestration   beside tasks that wait for others, or for their key
//     expiring        while leases expire
//   statistics      how fast statistics are over many tasks, and claims meanwhile
//   task-manager    what the task manager promises
//   small           how small the service is: --minutes 10 of a normal day's load, and after --requests 2000000
//   seeds-load      whether the requirements' own figures hold
//   flat            whether reads are as quick in a long queue of --tasks 1000000: all, or those like --reads 'tags|metrics'
//   flat-postgres   the same on PostgreSQL
//   archiving       claims while tasks are archived, of --tasks 1000000
//   instances       one, two and four instances on one PostgreSQL
//   churn           claims on PostgreSQL after --minutes 15 of work beside a long queue
//
// A part that breaks is reported with what broke it, and the others go on; the exit code is 1 then.

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
if (values.only !== undefined && !PART_NAMES.includes(values.only))
  throw new Error(`no such part: ${values.only}; there are ${PART_NAMES.join(', ')}`);
const tell = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
const plan = { ...planFor(values), tell };

/** What was rejected, and nobody waited for it. */
const strays = [];
process.on('unhandledRejection', (error) => strays.push(error));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const { folder, reason } = makeScratchFolder();
tell(`scratch files in ${folder}: ${reason}`);
const before = { ...machine(), folder, sync: measureSync(folder, values.quick ? 500 : 2000) };
/** What broke each part that broke, by the part's own name. */
const failures = {};
const measured = {};
for (const [name, part] of Object.entries(PARTS)) {
  measured[name] = isWanted(part, values.only) ? await measure(part) : null;
}
const report = { ...before, load_average_after: machine().load_average, ...measured, failures };
report.bars = judge(report);
const text = values.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report);
// What a part that broke has left open would keep the process.
process.stdout.write(text, () => process.exit(Object.keys(failures).length === 0 ? 0 : 1));

/** @returns what was measured; null when it broke */
async function measure({ names, measure: run }) {
  strays.length = 0;
  try {
    const figures = await run(folder, plan);
    if (strays.length > 0) throw strays[0];
    return figures;
  } catch (error) {
    failures[names.at(-1)] = String(error?.message ?? error);
    tell(`${names.at(-1)} broke: ${error?.stack ?? error}`);
    return null;
  }
}
