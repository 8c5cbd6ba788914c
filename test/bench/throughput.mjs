import { median, medians } from './figures.mjs';
import { measure } from './load.mjs';
import { Workloads } from './workloads.mjs';

/** Name of each measurement, and what it does; `most` is what it can need of tasks. */
const MEASUREMENTS = [
  ['create', (work) => work.create()],
  ['claim', (work, most) => work.claim(most)],
  ['complete', (work, most) => work.complete(most)],
  ['claim_and_complete', (work, most) => work.claimAndComplete(most)],
  ['get', (work) => work.get()],
  ['list_of_100', (work) => work.list()],
  ['list_of_20', (work) => work.listOf20()],
];
/** A machine on which anything is this much faster than doing nothing runs out of tasks, and says so. */
const FASTEST_TO_NOOP = 2;
/** Between the end of a measurement and that of its load. */
const OVERRUN_MS = 500;

/**
 * Measures everything in turn, several times, and the no-op route before each: on a shared machine only what was
 * measured side by side can be compared, so every ratio is to the no-op route just before.
 *
 * @returns {Promise<Record<string, object>>} the medians of all rounds, by name
 */
export async function measureThroughput(server, { rounds, times, tell }) {
  const work = new Workloads(server);
  const results = { noop: [], ...Object.fromEntries(MEASUREMENTS.map(([name]) => [name, []])) };
  tell('warming up');
  // A cold server is slower at nothing than a warm one at claims: what can be needed is told by a warm one.
  await measure(server, work.noop(), times);
  await runRound(server, work, times, () => undefined);
  for (let round = 1; round <= rounds; round += 1) {
    await runRound(server, work, times, (name, figures) => {
      results[name].push(figures);
      tell(`round ${round} of ${rounds}: ${name} ${Math.round(figures.requests_per_second)}/s`);
    });
  }
  return Object.fromEntries(Object.entries(results).map(([name, figures]) => [name, summary(figures)]));
}

async function runRound(server, work, times, record) {
  const seconds = (times.warmUpMs + times.measureMs + OVERRUN_MS) / 1000;
  for (const [name, prepare] of MEASUREMENTS) {
    const noop = await measure(server, work.noop(), times);
    record('noop', { ...noop, ...ratiosOf(noop, noop) });
    const most = Math.ceil(noop.requests_per_second * seconds * FASTEST_TO_NOOP);
    const figures = await measure(server, await prepare(work, most), times);
    record(name, { ...figures, ...ratiosOf(figures, noop) });
  }
}

function ratiosOf(figures, noop) {
  return {
    rate_ratio: figures.requests_per_second / noop.requests_per_second,
    p99_ratio: figures.p99 / noop.p99,
    cpu_ratio: figures.server_cpu_us / noop.server_cpu_us,
  };
}

function summary(rounds) {
  const ratios = rounds.map(({ rate_ratio }) => rate_ratio);
  return {
    ...medians(rounds),
    rate_ratio: median(ratios),
    rate_ratio_lowest: Math.min(...ratios),
    rate_ratio_highest: Math.max(...ratios),
  };
}
