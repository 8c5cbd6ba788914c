import { decimals, megabytes, table } from './table.mjs';

/** The requirements' own figures. */
export function seedsLoadLines({ load, restart }) {
  const { seconds, per_second, tasks, memory, database, sent_late_ms: late } = load;
  const heads = [
    `${per_second} requests/s for ${seconds} s`,
    'answers',
    'errors',
    'p50 ms',
    'p95 ms',
    'p99 ms',
  ];
  const rows = Object.entries(load.routes).map(([name, { count, errors, p50, p95, p99 }]) => [
    name,
    ...[count, errors],
    ...[p50, p95, p99].map(decimals),
  ]);
  const percent = (share) => `${decimals(share * 100)} %`;
  return [
    '',
    ...table([heads, ...rows]),
    `from when a request was due, over 100 connections, ${tasks} tasks at the beginning; sent late by p50 ${decimals(late.p50)} ms, p99 ${decimals(late.p99)} ms`,
    `processors of the machine: the service ${percent(load.shares.service)}, the load itself ${percent(load.shares.load)}, as the system accounts for the two processes;`,
    `all together ${percent(load.shares.machine)} by the ticks of the machine, which miss what is shorter: what they have over the two is for whatever else runs here, ${percent(load.shares.others)}`,
    `memory: RssAnon ${Math.round(memory.usual.rss_anon_mb)} MB usually, ${Math.round(memory.most.rss_anon_mb)} MB at most; RSS ${Math.round(memory.usual.rss_mb)} and ${Math.round(memory.most.rss_mb)} MB`,
    `${database.transactions} transactions: mean ${decimals(database.transaction_mean_ms)} ms, p95 at most ${decimals(database.transaction_p95_ms_at_most)} ms; ${decimals(database.operation_mean_ms)} ms for each of their operations`,
    `${restart.tasks} tasks (${megabytes(restart.file_bytes)}, write-ahead log up to ${megabytes(restart.wal_bytes)}): ready after SIGKILL in ` +
      `${Math.round(restart.ready_ms.median)} ms, median of ${restart.kills}, at most ${Math.round(restart.ready_ms.most)} ms`,
  ];
}

/** Every read, in a short queue and in a long one. */
export function flatLines({
  tasks: [short, long],
  cases,
  claims_alone,
  claims_per_second,
  left_out,
  rounds_at_first,
  ...rest
}) {
  const again = cases.filter(({ rounds }) => rounds > rounds_at_first).length;
  const heads = [
    `p95 ms with ${short} tasks`,
    String(long),
    'of the short',
    'CPU ms with the short',
    'with the long',
    'claims p95 ms meanwhile',
    'rounds',
    'what is read',
  ];
  const rows = cases.map(({ name, short, long, ratio, claims_ms, rounds }) => [
    ...[short.p95, long.p95, ratio, short.cpu_ms, long.cpu_ms, claims_ms.p95].map(decimals),
    ...[rounds, name],
  ]);
  return [
    '',
    ...table([heads, ...rows]),
    `medians of the rounds, one reader without a pause; ${claims_per_second} claims/s, from when they were due, p95 ${decimals(claims_alone.p95)} ms without any read`,
    `${rounds_at_first} rounds; where they missed a bar, as many again up to two times, until all rounds of that read together reached it: so for ${again} of ${cases.length} reads`,
    `${megabytes(rest.file_bytes)}; RSS of the service at the end ${Math.round(rest.memory.rss_mb)} MB, RssAnon ${Math.round(rest.memory.rss_anon_mb)} MB`,
    ...Object.entries(left_out).map(([name, why]) => `left out: ${name}: ${why}`),
  ];
}

/** Claims beside the archive. */
export function archivingLines({
  tasks,
  archived,
  seconds,
  claims_alone: alone,
  claims_meanwhile: meanwhile,
}) {
  const rowOf = (name, { p50, p95, p99 }) => [name, ...[p50, p95, p99].map(decimals)];
  return [
    '',
    ...table([
      ['claims', 'p50 ms', 'p95 ms', 'p99 ms'],
      rowOf('alone', alone),
      rowOf('while tasks are archived', meanwhile),
    ]),
    `${archived} of ${tasks} tasks were archived in ${Math.round(seconds)} s`,
  ];
}
