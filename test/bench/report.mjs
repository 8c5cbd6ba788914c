import { judge } from './bars.mjs';
import { archivingLines, flatLines, seedsLoadLines } from './report-of-load.mjs';
import { decimals, megabytes, table } from './table.mjs';

/** The report for people. */
export function asText(report) {
  const {
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
    instances,
    churn,
    failures,
  } = report;
  const bars = judge(report).map(({ passed, measured, what }) => [
    passed ? 'pass' : 'FAIL',
    decimals(measured),
    what,
  ]);
  return [
    ...machineLines(report),
    ...(service === null ? [] : serviceLines(service)),
    ...(claims === null ? [] : claimLines(claims)),
    ...(dueLater === null ? [] : dueLaterLines(dueLater)),
    ...(orchestration === null ? [] : orchestrationLines(orchestration)),
    ...(expiring === null ? [] : expiringLines(expiring)),
    ...(taskManager === null ? [] : taskManagerLines(taskManager)),
    ...(statistics === null ? [] : statisticsLines(statistics)),
    ...(small === null ? [] : smallLines(small)),
    ...(seedsLoad === null ? [] : seedsLoadLines(seedsLoad)),
    ...[flat, flat_postgres].filter((each) => each !== null).flatMap(flatLines),
    ...(archiving === null ? [] : archivingLines(archiving)),
    ...(instances === null ? [] : instancesLines(instances)),
    ...(churn === null ? [] : churnLines(churn)),
    '',
    ...table(bars),
    ...Object.entries(failures).map(([part, message]) => `FAILED  ${part} was not measured: ${message}`),
    '',
  ].join('\n');
}

function machineLines({ date, node, cpu, cores, memory_gb, load_average, load_average_after, folder, sync }) {
  const { per_second, p50_ms, p95_ms } = sync;
  return [
    `${date}  Node ${node}  ${cores} × ${cpu}, ${memory_gb} GB`,
    `load average ${load_average.join(' ')} before, ${load_average_after.join(' ')} after`,
    `disk under ${folder}: ${per_second} fdatasync/s, p50 ${decimals(p50_ms)} ms, p95 ${decimals(p95_ms)} ms`,
  ];
}

const SERVICE_HEADS = [
  'at 100 connections',
  'requests/s',
  'of no-op',
  '(from–to)',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'of no-op',
  'CPU µs',
  'of no-op',
  'RSS MB',
  'RssAnon',
];

function serviceLines({ routes, rounds, measureMs, idle_memory, tasks, file_bytes, wal_bytes }) {
  const rows = Object.entries(routes).map(([name, route]) => [
    name,
    Math.round(route.requests_per_second),
    decimals(route.rate_ratio),
    `${decimals(route.rate_ratio_lowest)}–${decimals(route.rate_ratio_highest)}`,
    ...[route.p50, route.p95, route.p99, route.p99_ratio].map(decimals),
    Math.round(route.server_cpu_us),
    decimals(route.cpu_ratio),
    Math.round(route.peak_rss_mb),
    Math.round(route.peak_rss_anon_mb),
  ]);
  return [
    '',
    ...table([SERVICE_HEADS, ...rows]),
    `medians of ${rounds} rounds of ${measureMs} ms after warm-up, ratios to the no-op route just before;`,
    'CPU is that of the server for one request; latencies of claim_and_complete are those of both requests together',
    ...(idle_memory === null
      ? []
      : [
          `idle: RSS ${Math.round(idle_memory.rss_mb)} MB, RssAnon ${Math.round(idle_memory.rss_anon_mb)} MB`,
        ]),
    `${tasks} tasks: file ${megabytes(file_bytes)}, write-ahead log ${megabytes(wal_bytes)}`,
  ];
}

const LATENCY_HEADS = ['task manager', 'p50 ms', 'p95 ms', 'p99 ms'];

function taskManagerLines({ work, line }) {
  const row = (name, { p50, p95, p99 }) => [name, ...[p50, p95, p99].map(decimals)];
  const routes = Object.entries(work.routes).map(([name, figures]) => row(`  ${name}`, figures));
  return [
    '',
    ...table([
      LATENCY_HEADS,
      row('from filed to claimed', work.queue_delay_ms),
      row('every answer', work.latency_ms),
      ...routes,
      row(`read one of ${line.waiting}`, line.read_ms),
      row(`create beside ${line.waiting}`, line.create_ms),
    ]),
    `${work.workers} workers of ${work.work_ms} ms a task, ${work.filed_per_second} tasks/s filed: ` +
      `${decimals(work.tasks_per_second)} tasks/s done, ${work.most_held_at_once} at once at most`,
    `${line.waiting} queued tasks: file ${megabytes(line.file_bytes)}`,
  ];
}

const CLAIM_HEADS = [
  'claim by filter',
  'waiting',
  'p50 ms',
  'of the shortest',
  'p95 ms',
  'µs in a group of 100',
];

function claimLines({ levels, claims_per_filter }) {
  const rows = Object.keys(levels[0].filters).flatMap((name) =>
    levels.map(({ waiting, filters }) => claimRow(name, waiting, filters[name], levels[0].filters[name])),
  );
  const seeded = levels.map(
    ({ waiting, seeding_seconds, file_bytes }) =>
      `${waiting} after ${seeding_seconds.toFixed(1)} s (${megabytes(file_bytes)})`,
  );
  return [
    '',
    ...table([CLAIM_HEADS, ...rows]),
    `${claims_per_filter} claims each, one at a time, commit and fsync included`,
    `seeded through the store: ${seeded.join(', ')}`,
  ];
}

function claimRow(name, waiting, { p50_ms, p95_ms, in_group_p50_ms }, shortest) {
  return [
    name,
    waiting,
    decimals(p50_ms),
    decimals(p50_ms / shortest.p50_ms),
    decimals(p95_ms),
    in_group_p50_ms === undefined ? '' : Math.round(in_group_p50_ms * 1000),
  ];
}

function dueLaterLines({ levels: [shortest, longest], claims_per_case, backlog }) {
  const heads = ['claim by filter, half of all due later', 'waiting', 'p50 ms', 'of the shortest', 'p95 ms'];
  const rows = Object.entries(shortest.claims).flatMap(([name, { p50_ms: least }]) =>
    [shortest, longest].map(({ waiting, claims }) => {
      const { p50_ms, p95_ms } = claims[name];
      return [name, waiting, decimals(p50_ms), decimals(p50_ms / least), decimals(p95_ms)];
    }),
  );
  const { came_due, p50_ms, p95_ms, highest_ms } = backlog;
  return [
    '',
    ...table([heads, ...rows]),
    `${claims_per_case} claims each; what comes due is the most urgent, and each of those claims got it`,
    `after ${came_due} came due at once: p50 ${decimals(p50_ms)} ms, p95 ${decimals(p95_ms)} ms, at most ${decimals(highest_ms)} ms`,
  ];
}

function orchestrationLines({ levels: [shortest, longest], claims_per_case }) {
  const heads = ['a tenth blocked, a tenth with one key', 'waiting', 'p50 ms', 'of the shortest', 'p95 ms'];
  const rows = Object.keys(shortest.cases).flatMap((name) =>
    ['claim', 'end'].flatMap((step) =>
      [shortest, longest].map(({ waiting, cases }) => {
        const { p50, p95 } = cases[name][step];
        const least = shortest.cases[name][step].p50;
        return [`${step}, ${name}`, waiting, decimals(p50), decimals(p50 / least), decimals(p95)];
      }),
    ),
  );
  return ['', ...table([heads, ...rows]), `${claims_per_case} of each; what is claimed is given back`];
}

function expiringLines({ leases, claims_per_second, swept_seconds, before, meanwhile }) {
  const heads = [`${claims_per_second} claims/s`, 'claims', 'p50 ms', 'p95 ms', 'p99 ms'];
  const rowOf = (name, { claims, p50, p95, p99 }) => [name, claims, ...[p50, p95, p99].map(decimals)];
  return [
    '',
    ...table([heads, rowOf('before', before), rowOf(`while ${leases} leases expire`, meanwhile)]),
    `from when a claim was due; all leases were taken back ${decimals(swept_seconds)} s after their end`,
  ];
}

const STATISTICS_HEADS = ['statistics and claims', 'p50 ms', 'p95 ms', 'p99 ms'];

function statisticsLines(measured) {
  const {
    tasks,
    asked,
    claims_per_second,
    seeding_seconds,
    file_bytes,
    statistics,
    by_query,
    claims_alone,
    claims_meanwhile,
  } = measured;
  const row = (name, { p50, p95, p99 }) => [name, ...[p50, p95, p99].map(decimals)];
  return [
    '',
    ...table([
      STATISTICS_HEADS,
      row('all statistics', statistics),
      ...Object.entries(by_query).map(([query, figures]) => row(query, figures)),
      row('claims without', claims_alone),
      row('claims meanwhile', claims_meanwhile),
    ]),
    `${asked} statistics over ${tasks} tasks of 30 days (${megabytes(file_bytes)}, seeded in ${seeding_seconds.toFixed(1)} s), 10 a second;`,
    `${claims_per_second} claims/s, from when they were due, each completed; medians of the rounds with and without statistics in turn`,
  ];
}

function smallLines({ start, normal, disk, growth }) {
  const heads = ['memory, MB', 'RssAnon', 'RSS'];
  const row = (name, { rss_anon_mb, rss_mb }) => [name, Math.round(rss_anon_mb), Math.round(rss_mb)];
  const { memory, minutes, per_second, tasks, cpu_share, routes } = normal;
  const every = Math.ceil(growth.parts.length / 5);
  const samples = growth.parts.filter((_part, index) => (index + 1) % every === 0);
  return [
    '',
    ...table([
      heads,
      row(`${per_second} requests/s, usually`, memory.usual),
      row('at most', memory.most),
      ...samples.map((part) => row(`after ${part.requests} requests, at most`, part)),
    ]),
    `${minutes} min with ${tasks} tasks: ${decimals(cpu_share * 100)} % of a processor; p95 ms: ${Object.entries(
      routes,
    )
      .map(([name, { p95 }]) => `${name} ${decimals(p95)}`)
      .join(', ')}`,
    `write-ahead log: ${samples.map((part) => megabytes(part.wal_bytes)).join(', ')}`,
    `start to ready: best ${Math.round(start.ready_ms.best)} ms, median of ${start.starts} ${Math.round(start.ready_ms.median)} ms, ` +
      `processor time ${Math.round(start.cpu_ms)} ms; RssAnon then ${Math.round(start.rss_anon_mb)} MB`,
    `${disk.finished} finished tasks with prompts of ${disk.prompt_bytes} bytes: ${megabytes(disk.file_bytes)}, ${Math.round(disk.bytes_per_task)} bytes each`,
  ];
}

function instancesLines({ clients, results }) {
  const heads = [`instances, ${clients} clients`, 'tasks/s', 'claim p50 ms', 'p95 ms', 'p99 ms'];
  const rows = results.map((result) => [
    result.instances,
    Math.round(result.tasks_per_second),
    ...[result.claim_p50_ms, result.claim_p95_ms, result.claim_p99_ms].map(decimals),
  ]);
  return ['', ...table([heads, ...rows])];
}

function churnLines({ waiting, workers, parts, dead_tasks }) {
  const heads = [`${waiting} waiting, ${workers} workers`, 'tasks/s', 'claim p50 ms', 'p95 ms'];
  const rows = parts.map(({ minute, tasks_per_second, claim_p50_ms, claim_p95_ms }) => [
    `until minute ${minute.toFixed(1)}`,
    Math.round(tasks_per_second),
    ...[claim_p50_ms, claim_p95_ms].map(decimals),
  ]);
  const change = parts.at(-1).claim_p95_ms / parts[0].claim_p95_ms;
  return [
    '',
    ...table([heads, ...rows]),
    `claim p95 in the last part is ${decimals(change)} of that in the first; ${dead_tasks} dead rows of tasks at the end`,
  ];
}
