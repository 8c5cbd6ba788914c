const MEGABYTE = 2 ** 20;

/** What is to be reached, what was, and whether that is enough. A figure that is missing is not reached. */
export function judge({ service, 'service-batch': batch, library, plainjob }, { waiting }) {
  const atLeast = (what, measured, limit) => ({
    what: `${what}: at least ${limit}`,
    measured,
    passed: measured >= limit,
  });
  const atMost = (what, measured, limit) => ({
    what: `${what}: at most ${limit}`,
    measured,
    passed: measured <= limit,
  });
  const ratio = (one, other) => (one ?? Number.NaN) / (other ?? Number.NaN);
  const { empty, full } = service ?? {};
  return [
    atLeast('over HTTP, one task a request: filed/s', empty?.filed_per_second, 5000),
    atLeast('over HTTP, one task a request: claimed and completed/s', empty?.done_per_second, 3000),
    atMost('claim p99, ms', empty?.claim_p99, 40),
    atMost(
      `claim p99 with ${waiting} waiting, times that without`,
      ratio(full?.claim_p99, empty?.claim_p99),
      1.2,
    ),
    atLeast(
      `claimed and completed/s with ${waiting} waiting, times that without`,
      ratio(full?.done_per_second, empty?.done_per_second),
      0.83,
    ),
    atMost(`memory with ${waiting} waiting, MB`, ratio(full?.memory_bytes, MEGABYTE), 400),
    atLeast('by batches: claimed and completed/s', batch?.empty?.done_per_second, 10_000),
    atLeast(
      'in process: filed/s, times those of plainjob',
      ratio(library?.empty?.filed_per_second, plainjob?.empty?.filed_per_second),
      2,
    ),
    atLeast(
      'in process: claimed and completed/s, times those of plainjob',
      ratio(library?.empty?.done_per_second, plainjob?.empty?.done_per_second),
      2,
    ),
  ].map((bar) => ({ ...bar, measured: Number.isFinite(bar.measured) ? bar.measured : null }));
}
