import { medians } from '../bench/figures.mjs';

/** What each contestant reached: the medians of its rounds, with the lowest and highest rate. */
export function summaryOf(results) {
  return Object.fromEntries(
    Object.entries(results).map(([name, { failures, empty, full, version, settings }]) => [
      name,
      { version, settings, failures, empty: partOf(empty), full: partOf(full) },
    ]),
  );
}

function partOf(rounds) {
  if (rounds.length === 0) return null;
  const rates = ['filed_per_second', 'done_per_second'].filter((key) => rounds[0][key] !== undefined);
  const ranges = rates.map((key) => {
    const all = rounds.map((round) => round[key]);
    return [`${key}_range`, [Math.min(...all), Math.max(...all)]];
  });
  return { rounds: rounds.length, ...medians(rounds), ...Object.fromEntries(ranges) };
}
