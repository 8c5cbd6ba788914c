import { join } from 'node:path';
import { latencyFigures, median } from './figures.mjs';
import { CASES, LEFT_OUT, requireEveryRead } from './flat-cases.mjs';
import { CLAIMS_PER_SECOND, FlatQueue, SHORT } from './flat-queue.mjs';
import { machine } from './machine.mjs';
import { BenchPostgres } from './postgres.mjs';

/** How often what missed its bar is measured again, with as many rounds as before. */
const AGAIN = 2;
const ALONE = { operation: 'no read', isNothing: true };
export const LIMITS = { ratio: 2, claimMs: 50 };

/**
 * What each read takes in a short queue and in a long one, side by side, and what claims take meanwhile, of which so
 * many come a second. What misses its bar is measured again, and judged by all of its rounds: the machine may have had
 * something else to do. The report says of how many reads that is so.
 *
 * @param {string} folder
 * @param {{ flatTasks: number, flatRounds: number, sliceMs: number, reads?: string, tell: (text: string) => void }} plan
 */
export function measureFlat(folder, plan) {
  return measureOn(undefined, folder, plan);
}

/** The same on PostgreSQL, to which the queues are moved as an operator would. */
export async function measureFlatPostgres(folder, plan) {
  const postgres = await BenchPostgres.start();
  try {
    return await measureOn(postgres, folder, plan);
  } finally {
    await postgres.stop();
  }
}

async function measureOn(postgres, folder, plan) {
  const { flatTasks, tell, reads = '' } = plan;
  const queues = [];
  try {
    for (const tasks of [SHORT, flatTasks])
      queues.push(await FlatQueue.open(join(folder, String(tasks)), tasks, postgres));
    tell(`${queues.map(({ tasks }) => tasks).join(' and ')} tasks, ${CASES.length} cases`);
    await requireWhole(queues[0]);
    const alone = await measureCase(ALONE, queues, plan);
    const cases = [];
    for (const each of chosen(reads)) {
      cases.push(await measureCase(each, queues, plan));
      tell(said(cases.at(-1)));
    }
    const { product } = queues[1];
    return {
      ...{ tasks: queues.map(({ tasks }) => tasks), claims_per_second: CLAIMS_PER_SECOND, cases },
      rounds_at_first: plan.flatRounds,
      ...{ claims_alone: alone.claims_ms, left_out: Object.fromEntries(LEFT_OUT) },
      ...{ file_bytes: await queues[1].bytes(), memory: product.memory() },
      load_average: machine().load_average,
    };
  } finally {
    for (const queue of queues) await queue.close();
  }
}

/** Those whose names match. */
function chosen(pattern) {
  const cases = CASES.filter((each) => new RegExp(pattern).test(nameOf(each)));
  if (cases.length === 0) throw new Error(`no read is named like ${pattern}`);
  return cases;
}

async function requireWhole({ product: { url, headers } }) {
  const under = ['', '/task-manager'];
  const documents = await Promise.all(
    under.map(async (path) => (await fetch(`${url}${path}/openapi.json`, { headers })).json()),
  );
  requireEveryRead(documents, under);
}

/** In turn, so that whatever else the machine does meets both queues alike. */
async function measureCase(each, queues, { flatRounds, sliceMs }) {
  const sides = queues.map((queue) => ({ queue, p50: [], p95: [], claims: [], reads: 0, cpuMs: 0 }));
  let figures;
  for (let turn = 0; turn <= AGAIN; turn += 1) {
    for (let round = 0; round < flatRounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed())
        await measureSlice(each, side, sliceMs);
    }
    figures = figuresOf(each, sides);
    if (figures.ratio <= LIMITS.ratio && figures.claims_ms.p95 <= LIMITS.claimMs) break;
  }
  return figures;
}

async function measureSlice(each, side, sliceMs) {
  const { queue } = side;
  const target = each.isNothing ? null : await queue.targetOf(each);
  const cpuMs = queue.product.cpuMs();
  const [claims, latencies] = await Promise.all([
    queue.claimFor(sliceMs),
    target === null ? [] : queue.readFor(target, each, sliceMs),
  ]);
  side.claims.push(...claims);
  const { p50, p95 } = latencyFigures(latencies);
  side.p50.push(p50);
  side.p95.push(p95);
  side.reads += latencies.length;
  side.cpuMs += queue.product.cpuMs() - cpuMs;
}

/** Latencies are the medians of the rounds, processor time is that of a read with its part of the claims; those of claims are of all rounds together, in the long queue. */
function figuresOf(each, sides) {
  const [short, long] = sides.map(({ p50, p95, reads, cpuMs }) => ({
    ...{ p50: median(p50), p95: median(p95), reads },
    cpu_ms: cpuMs / reads,
  }));
  const rounds = sides[0].p50.length;
  const claims = latencyFigures(sides[1].claims);
  return { name: nameOf(each), rounds, short, long, ratio: long.p95 / short.p95, claims_ms: claims };
}

const nameOf = ({ operation, path = {}, query = '' }) => {
  const of = Object.entries(path).map(([name, value]) => ` ${name}=${value}`);
  return `${operation.replace('GET ', '')}${of.join('')}${query === '' ? '' : ` ?${query}`}`;
};

const said = ({ name, short, long, ratio, claims_ms: claims, rounds }) =>
  `${ratio <= LIMITS.ratio && claims.p95 <= LIMITS.claimMs ? ' ' : '!'} ${ratio.toFixed(2)} ` +
  `(${short.p95.toFixed(1)} → ${long.p95.toFixed(1)} ms, CPU ${short.cpu_ms.toFixed(1)} → ${long.cpu_ms.toFixed(1)}, claims ${claims.p95.toFixed(1)}, ${rounds} rounds) ${name}`;
