import { LIMITS } from './flat.mjs';

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
/** While many leases end, or many tasks are archived. */
const P95_WHILE_SWEEPING_MS = 50;
const STATISTICS_P95_MS = 200;
const CLAIMS_MEANWHILE = 1.5;
/** ms, p95 and p99, as the requirements have them. */
const REQUIRED_MS = {
  create: [100, 200],
  claim: [50, 100],
  complete: [100, 200],
  get: [50, 100],
  list: [200, 500],
};

const atMost = (what, measured, limit) => ({ what, measured, passed: measured <= limit });

/**
 * What is demanded, what was measured, and whether that is enough.
 * @returns {{ what: string, measured: number, passed: boolean }[]}
 */
export function judge({
  service,
  claims,
  due_later: dueLater,
  orchestration,
  expiring,
  statistics,
  task_manager: taskManager,
  small,
  seeds_load: seedsLoad,
  flat,
  flat_postgres,
  archiving,
}) {
  return [
    ...(service === null ? [] : judgeRoutes(service.routes)),
    ...(claims === null ? [] : judgeClaims(claims.levels)),
    ...(dueLater === null ? [] : judgeDueLater(dueLater.levels)),
    ...(orchestration === null ? [] : judgeOrchestration(orchestration.levels)),
    ...(expiring === null ? [] : judgeExpiring(expiring)),
    ...(statistics === null ? [] : judgeStatistics(statistics)),
    ...(taskManager === null ? [] : judgeTaskManager(taskManager)),
    ...(small === null ? [] : judgeSmall(small)),
    ...(seedsLoad === null ? [] : judgeSeedsLoad(seedsLoad)),
    ...[flat, flat_postgres].filter((each) => each !== null).flatMap(judgeFlat),
    ...(archiving === null ? [] : judgeArchiving(archiving)),
  ];
}

function judgeTaskManager({ work, line }) {
  return [
    {
      what: `tasks/s with ${work.workers} workers at once: at least 100`,
      measured: work.tasks_per_second,
      passed: work.tasks_per_second >= 100 && work.most_held_at_once === work.workers,
    },
    atMost('from filed to claimed, longest, ms: at most 1000', work.queue_delay_ms.most, 1000),
    atMost('answers while they work, p95 ms: at most 50', work.latency_ms.p95, 50),
    atMost(`place and expected end of one of ${line.waiting}, p95 ms: at most 50`, line.read_ms.p95, 50),
    atMost(`the same of a new one of ${line.waiting}, p95 ms: at most 50`, line.create_ms.p95, 50),
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

function judgeOrchestration([shortest, longest]) {
  return Object.entries(shortest.cases).flatMap(([name, least]) =>
    ['claim', 'end'].map((step) => {
      const measured = longest.cases[name][step].p50 / least[step].p50;
      return atMost(
        `${step} of ${name}, ${longest.waiting} waiting, a tenth blocked, a tenth with one key: at most ${LONGEST_TO_SHORTEST} times that with ${shortest.waiting}`,
        measured,
        LONGEST_TO_SHORTEST,
      );
    }),
  );
}

function judgeExpiring({ leases, meanwhile }) {
  const measured = meanwhile.p95;
  return [
    {
      what: `p95 of claims while ${leases} leases expire: at most ${P95_WHILE_SWEEPING_MS} ms`,
      measured,
      passed: measured <= P95_WHILE_SWEEPING_MS,
    },
  ];
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

function judgeSmall({ start, normal, disk, growth }) {
  const load = `${normal.per_second} requests/s for ${normal.minutes} min`;
  const failed = Object.values(normal.failures).reduce((sum, count) => sum + count, 0);
  return [
    atMost(`private memory (RssAnon) at ${load}, MB: at most 100`, normal.memory.most.rss_anon_mb, 100),
    atMost(`requests that went wrong at ${load}: none`, failed, 0),
    atMost('start to ready, median ms: at most 1500', start.ready_ms.median, 1500),
    atMost('1 000 000 finished tasks on disk, GB: at most 1', disk.bytes_per_task / 1000, 1),
    atMost(
      `memory in the last quarter of ${growth.requests} requests to the second: at most 1.1`,
      growth.memory_ratio,
      1.1,
    ),
    atMost('write-ahead log, the same: at most 1.1', growth.wal_ratio, 1.1),
  ];
}

function judgeSeedsLoad({ load, restart }) {
  const { routes, per_second, failures } = load;
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return [
    ...Object.entries(REQUIRED_MS).flatMap(([route, [p95, p99]]) => [
      atMost(`${route} at ${per_second} requests/s, p95 ms: at most ${p95}`, routes[route].p95, p95),
      atMost(`the same, p99 ms: at most ${p99}`, routes[route].p99, p99),
    ]),
    atMost(`requests that went wrong at ${per_second}/s: none`, failed, 0),
    atMost('share of the machine then, %: at most 50', load.shares.service * 100, 50),
    atMost('transactions then, p95 ms: at most 10', load.database.transaction_p95_ms_at_most, 10),
    atMost(
      `restart to ready after SIGKILL with ${restart.tasks} tasks, longest, ms: at most 5000`,
      restart.ready_ms.most,
      5000,
    ),
  ];
}

/** A bar for each read would hide those that are missed among hundreds. */
function judgeFlat({ cases, tasks: [short, long] }) {
  const { ratio, claimMs } = LIMITS;
  const steep = cases.filter((each) => each.ratio > ratio);
  const inTheWay = cases.filter((each) => each.claims_ms.p95 > claimMs);
  const most = (figureOf) => Math.max(...cases.map(figureOf));
  return [
    ...(steep.length > 0 ? steep : [{ name: 'any read, at most', ratio: most((each) => each.ratio) }]).map(
      (each) =>
        atMost(
          `p95 with ${long} tasks to that with ${short}: at most ${ratio}: ${each.name}`,
          each.ratio,
          ratio,
        ),
    ),
    ...(inTheWay.length > 0
      ? inTheWay
      : [{ name: 'any read, at most', claims_ms: { p95: most((each) => each.claims_ms.p95) } }]
    ).map((each) =>
      atMost(`p95 of claims meanwhile, ms: at most ${claimMs}: ${each.name}`, each.claims_ms.p95, claimMs),
    ),
  ];
}

function judgeArchiving({ claims_meanwhile: claims }) {
  const limit = P95_WHILE_SWEEPING_MS;
  return [atMost(`p95 of claims while tasks are archived, ms: at most ${limit}`, claims.p95, limit)];
}
