const ROUTE_BARS = [
  ['create', 'rate_ratio', 'at least', 0.8],
  ['claim', 'rate_ratio', 'at least', 0.7],
  ['complete', 'rate_ratio', 'at least', 0.7],
  ['create', 'p99_ratio', 'at most', 3],
  ['claim', 'p99_ratio', 'at most', 3],
  ['complete', 'p99_ratio', 'at most', 3],
];
const FIGURES = { rate_ratio: 'requests/s', p99_ratio: 'p99' };
const LONGEST_TO_SHORTEST = 1.5;
const STATISTICS_P95_MS = 200;
const CLAIMS_MEANWHILE = 1.5;

/**
 * What is demanded, what was measured, and whether that is enough.
 * @returns {{ what: string, measured: number, passed: boolean }[]}
 */
export function judge({ service, claims, statistics }) {
  return [
    ...(service === null ? [] : judgeRoutes(service.routes)),
    ...(claims === null ? [] : judgeClaims(claims.levels)),
    ...(statistics === null ? [] : judgeStatistics(statistics)),
  ];
}

function judgeRoutes(routes) {
  return ROUTE_BARS.map(([route, figure, bound, limit]) => {
    const measured = routes[route][figure];
    return {
      what: `${FIGURES[figure]} of ${route}: ${bound} ${limit} times that of the no-op route`,
      measured,
      passed: bound === 'at least' ? measured >= limit : measured <= limit,
    };
  });
}

function judgeClaims(levels) {
  const [shortest, longest] = [levels[0], levels.at(-1)];
  return Object.keys(shortest.filters).map((name) => {
    const measured = longest.filters[name].p50_ms / shortest.filters[name].p50_ms;
    return {
      what: `claim with filter ${name}, ${longest.waiting} waiting: at most ${LONGEST_TO_SHORTEST} times that with ${shortest.waiting}`,
      measured,
      passed: measured <= LONGEST_TO_SHORTEST,
    };
  });
}

function judgeStatistics({ tasks, statistics, claims_alone, claims_meanwhile }) {
  const ratio = claims_meanwhile.p95 / claims_alone.p95;
  return [
    {
      what: `p95 of statistics over ${tasks} tasks: at most ${STATISTICS_P95_MS} ms`,
      measured: statistics.p95,
      passed: statistics.p95 <= STATISTICS_P95_MS,
    },
    {
      what: `p95 of claims while statistics are asked for: at most ${CLAIMS_MEANWHILE} times that without`,
      measured: ratio,
      passed: ratio <= CLAIMS_MEANWHILE,
    },
  ];
}
