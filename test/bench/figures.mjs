/** The value that a share of all values does not exceed. @param {number[]} values @param {number} share 0–1 */
export function percentile(values, share) {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? sorted[0];
}

/** @param {number[]} values */
export const median = (values) => percentile(values, 0.5);

/** @param {number[]} latencies ms */
export function latencyFigures(latencies) {
  return {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
  };
}

/** The median of each figure over several rounds. @template T @param {T[]} rounds objects of numbers, alike @returns {T} */
export function medians(rounds) {
  const [first = {}] = rounds;
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, median(rounds.map((round) => round[key]))]),
  );
}
