/**
 * What a histogram of Prometheus's text format has counted so far.
 * @param {string} text of `/metrics` @param {string} name of the histogram, without labels
 * @returns {{ bounds: number[], counts: number[], sum: number }} observations up to each bound, the last one endless
 */
export function histogramIn(text, name) {
  const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\S+)$`, 'gm'))];
  if (buckets.length === 0) throw new Error(`there is no histogram ${name}`);
  const sum = new RegExp(`^${name}_sum (\\S+)$`, 'm').exec(text);
  return {
    bounds: buckets.map(([, bound]) => (bound === '+Inf' ? Infinity : Number(bound))),
    counts: buckets.map(([, , count]) => Number(count)),
    sum: Number(sum?.[1]),
  };
}

/** What was observed between two looks at the same histogram. */
export function between(earlier, later) {
  const counts = later.counts.map((count, index) => count - earlier.counts[index]);
  return { bounds: later.bounds, counts, sum: later.sum - earlier.sum };
}

/** The bound that a share of all observations does not exceed: no less than their percentile, never a guess between bounds. */
export function boundOf({ bounds, counts }, share) {
  const wanted = share * counts.at(-1);
  return bounds[counts.findIndex((count) => count >= wanted)];
}
