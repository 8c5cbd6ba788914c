import { latencyFigures } from '../bench/figures.mjs';

/** What every task carries: 1 KB of text. */
const TEXT_LENGTH = 1000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz      ';
const POOL = lettersFrom(20_261_123, 1_000_003);
const AGAIN_MS = 1;

function lettersFrom(seed, length) {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return LETTERS[state >>> 27];
  }).join('');
}

/** Text of a task by its number: the same in every run, and in no two tasks. */
export function textOf(number) {
  const head = `${number} `;
  const from = (number * 7919) % (POOL.length - TEXT_LENGTH);
  return head + POOL.slice(from, from + TEXT_LENGTH - head.length);
}

/** Files so many tasks, `atOnce` at a time, each by itself. A contestant whose `unit` is more files that many in one. */
export async function fileTasks(contestant, count, { atOnce, deadline }) {
  const { unit = 1 } = contestant;
  const latencies = [];
  let next = 0;
  const file = async () => {
    while (next < count && inTime(deadline)) {
      const number = next;
      next += unit;
      const begun = performance.now();
      await contestant.file(number);
      latencies.push(performance.now() - begun);
    }
  };
  const seconds = await timed(file, atOnce);
  requireAll(latencies.length * unit, count);
  return { filed_per_second: count / seconds, ...named('filed', latencies) };
}

/** Lets `atOnce` workers claim and complete so many tasks, one by one, unless the contestant has workers of its own. */
export async function finishTasks(contestant, count, { atOnce, deadline }) {
  const { unit = 1 } = contestant;
  if (contestant.work !== undefined) return byItsOwnWorkers(contestant, count, { atOnce, deadline });
  const claims = [];
  const cycles = [];
  let begunCount = 0;
  const work = async () => {
    while (begunCount < count && inTime(deadline)) {
      begunCount += unit;
      const begun = performance.now();
      let claimed = await contestant.claim();
      while (claimed === null && inTime(deadline)) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        claimed = await contestant.claim();
      }
      if (claimed === null) return;
      claims.push(performance.now() - begun);
      await contestant.complete(claimed);
      cycles.push(performance.now() - begun);
    }
  };
  const seconds = await timed(work, atOnce);
  requireAll(cycles.length * unit, count);
  return { done_per_second: count / seconds, ...named('claim', claims), ...named('cycle', cycles) };
}

async function byItsOwnWorkers(contestant, count, { atOnce, deadline }) {
  const cycles = [];
  let begun;
  let endedAt;
  // When its workers are connected, as those of all others are.
  const begin = () => {
    begun = performance.now();
    endedAt = begun;
  };
  const isDone = (ms) => {
    if (cycles.length < count) endedAt = performance.now();
    cycles.push(ms);
    return cycles.length >= count || !inTime(deadline);
  };
  const storedAt = await contestant.work(atOnce, { begin, isDone, deadline });
  endedAt = storedAt ?? endedAt;
  requireAll(Math.min(cycles.length, count), count);
  return {
    done_per_second: (count * 1000) / (endedAt - begun),
    ...named('cycle', cycles.slice(0, count)),
  };
}

/** `{ claim_p50, claim_p95, claim_p99 }`, ms. */
function named(name, latencies) {
  const figures = Object.entries(latencyFigures(latencies));
  return Object.fromEntries(figures.map(([key, value]) => [`${name}_${key}`, value]));
}

async function timed(run, atOnce) {
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, run));
  return (performance.now() - begun) / 1000;
}

const inTime = (deadline) => performance.now() < deadline;

function requireAll(done, count) {
  if (done < count) throw new Error(`only ${done} of ${count} within the time that it was given`);
}
