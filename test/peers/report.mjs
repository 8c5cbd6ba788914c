import { median } from '../bench/figures.mjs';
import { table } from '../bench/table.mjs';

const TITLES = {
  service: 'this service, HTTP',
  'service-batch': 'this service, HTTP, batches',
  library: 'this service, in process',
  bunqueue: 'bunqueue, HTTP',
  bullmq: 'BullMQ, Redis',
  'graphile-worker': 'graphile-worker, PostgreSQL',
  'pg-boss': 'pg-boss, PostgreSQL',
  plainjob: 'plainjob, in process',
  floor: 'floor: node:http and SQLite',
};
const LATENCIES = ['p50', 'p95', 'p99'];
const FILED = ['filed/s', '(from–to)', ...LATENCIES.map((each) => `filing ${each} ms`)];
const DONE = [
  'claimed + completed/s',
  '(from–to)',
  ...LATENCIES.map((each) => `claim ${each} ms`),
  ...LATENCIES.map((each) => `both ${each} ms`),
];
const ROOM = ['memory MB', 'on disk MB'];

/** The report for people at a terminal. */
export function asText(report) {
  return sections(report)
    .map(({ title, lines = [], rows = [] }) =>
      [title, ...lines, ...(rows.length > 0 ? table(rows) : []), ''].join('\n'),
    )
    .join('\n');
}

/** The report as a part of a page. */
export function asMarkdown(report) {
  return sections(report)
    .map(({ title, lines = [], rows = [] }) => {
      const [head = [], ...others] = rows;
      const all = rows.length > 0 ? [head, head.map(() => '---'), ...others] : [];
      const rowsAsText = all.map(
        (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`,
      );
      const list = lines.map((line) => `- ${line}`);
      return [
        `### ${title}`,
        '',
        ...list,
        ...(list.length > 0 && all.length > 0 ? [''] : []),
        ...rowsAsText,
        '',
      ].join('\n');
    })
    .join('\n');
}

function sections({ contestants, bars, plan, ...surroundings }) {
  const count = (number) => number.toLocaleString('en').replaceAll(',', ' ');
  const all = Object.entries(contestants);
  return [
    { title: 'Where and when', lines: placeLines(surroundings, all) },
    {
      title: `${count(plan.tasks)} tasks, ${plan.atOnce} at a time, in a queue that is empty otherwise`,
      rows: [
        ['', ...FILED, ...DONE, ...ROOM],
        ...all.map(([name, { empty, failures }]) => [
          titleOf(name, failures),
          ...filed(empty),
          ...done(empty),
          ...room(empty),
        ]),
      ],
    },
    {
      title: `The same claims and completions with ${count(plan.waiting)} more waiting`,
      rows: [
        ['', ...DONE, 'of those without', ...ROOM],
        ...all.map(([name, { empty, full, failures }]) => [
          titleOf(name, failures),
          ...done(full),
          share(full, empty),
          ...room(full),
        ]),
      ],
    },
    {
      title: 'What was reached',
      rows: [
        ['', 'measured', 'to be reached'],
        ...bars.map((bar) => [verdict(bar), figure(bar.measured), bar.what]),
      ],
    },
    {
      title: 'Versions and settings',
      lines: all.map(([name, { version, settings, failures }]) =>
        [
          `${TITLES[name]}: ${version ?? 'not run'}`,
          settings,
          ...new Set(failures.map((failure) => `FAILED ${failure}`)),
        ]
          .filter((part) => part !== undefined)
          .join('; '),
      ),
    },
  ];
}

function placeLines(
  { date, node, cpu, cores, memory_gb, load_average, load_average_after, syncs },
  contestants,
) {
  const rounds = contestants.flatMap(([, { empty, full }]) => [empty, full].map((part) => part?.rounds ?? 0));
  const [fewest, most] = [Math.min(...rounds), Math.max(...rounds)];
  const rates = syncs.map(({ per_second }) => per_second);
  const times = syncs.map(({ p50_ms }) => p50_ms);
  return [
    `${date}, Node ${node}, ${cores} × ${cpu}, ${memory_gb} GB; clients and servers share them`,
    `load average ${load_average.join(', ')} before and ${load_average_after.join(', ')} after`,
    `the disk itself: ${median(rates)} fdatasync/s of 4 KiB, one after the other (${Math.min(...rates)}–${Math.max(...rates)}), p50 ${median(times).toFixed(2)} ms`,
    `medians of ${fewest === most ? most : `${fewest} to ${most}`} runs, the contestants in turn; from–to are the lowest and the highest`,
  ];
}

/** Who failed is in the table, and why is below it. */
function titleOf(name, failures) {
  return failures.length === 0 ? TITLES[name] : `${TITLES[name]} (FAILED, see below)`;
}

function verdict({ passed, measured }) {
  if (measured === null) return 'not measured';
  return passed ? 'reached' : 'missed';
}

function filed(part) {
  if (part === null) return FILED.map(() => '–');
  return [
    figure(part.filed_per_second),
    range(part.filed_per_second_range),
    ...LATENCIES.map((each) => figure(part[`filed_${each}`])),
  ];
}

function done(part) {
  if (part === null) return DONE.map(() => '–');
  const latencies = ['claim', 'cycle'].flatMap((name) =>
    LATENCIES.map((each) => figure(part[`${name}_${each}`])),
  );
  return [figure(part.done_per_second), range(part.done_per_second_range), ...latencies];
}

function room(part) {
  if (part === null) return ROOM.map(() => '–');
  return [part.memory_bytes, part.disk_bytes].map((bytes) => figure(bytes / 2 ** 20));
}

function share(full, empty) {
  return full === null || empty === null ? '–' : figure(full.done_per_second / empty.done_per_second);
}

function range([lowest, highest]) {
  return `${figure(lowest)}–${figure(highest)}`;
}

/** Three places that count; a dash where there is nothing. */
function figure(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}
