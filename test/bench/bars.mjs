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
const P95_WHILE_EXPIRING_MS = 50;

/**
 * What is demanded, what was measured, and whether that is enough.
 * @returns {{ what: string, measured: number, passed: boolean }[]}
 */
export function judge({ service, claims, due_later: dueLater, expiring }) {
  return [
    ...(service === null ? [] : judgeRoutes(service.routes)),
    ...(claims === null ? [] : judgeClaims(claims.levels)),
    ...(dueLater === null ? [] : judgeDueLater(dueLater.levels)),
    ...(expiring === null ? [] : judgeExpiring(expiring)),
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

function judgeDueLater([shortest, longest]) {
  return Object.keys(shortest.claims).map((name) => {
    const measured = longest.claims[name].p50_ms / shortest.claims[name].p50_ms;
    return {
      what: `claim with filter ${name}, ${longest.waiting} waiting, half of them until later: at most ${LONGEST_TO_SHORTEST} times that with ${shortest.waiting}`,
      measured,
      passed: measured <= LONGEST_TO_SHORTEST,
    };
  });
}

function judgeExpiring({ leases, meanwhile }) {
  const measured = meanwhile.p95;
  return [
    {
      what: `p95 of claims while ${leases} leases expire: at most ${P95_WHILE_EXPIRING_MS} ms`,
      measured,
      passed: measured <= P95_WHILE_EXPIRING_MS,
    },
  ];
}
