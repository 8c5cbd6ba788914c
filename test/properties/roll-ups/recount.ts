import type { DataSource } from 'typeorm';

type Row = readonly (number | string)[];

/** Rows of the roll-up tables, or what they should be: under each table's name, in one order. */
export type RollUpRows = Readonly<Record<string, readonly Row[]>>;

/** Names the columns by their place: both databases name expressions in their own way, and not apart. */
function select(columns: readonly string[], rest: string): string {
  return `SELECT ${columns.map((column, index) => `${column} AS c${index}`).join(', ')} ${rest}`;
}

const HAPPENED = ['created', 'claimed', 'completed', 'failed', 'cancelled', 'retried', 'processing_ms'];
const STORED = {
  task_counts: select(['group_id', 'status', 'rank', 'tasks', 'processing_ms'], 'FROM task_counts'),
  ready: select(['id', 'ready'], 'FROM task_groups'),
  queue_blocks: select(['rank', 'block', 'ready'], 'FROM queue_blocks'),
  type_counts: select(['kb_id', 'task_type', 'status', 'tasks', 'processing_ms'], 'FROM type_counts'),
  stat_minutes: select(['minute', ...HAPPENED], 'FROM stat_minutes'),
  stat_hours: select(['hour', ...HAPPENED], 'FROM stat_hours'),
  time_bins: select(['task_type', 'span_ms', 'start', 'bin', 'tasks'], 'FROM time_bins'),
};

/** From its last claim to its completion; a clock that was set back makes it nothing. */
const TOOK = 'CASE WHEN t.completed_at > t.started_at THEN t.completed_at - t.started_at ELSE 0 END';
const startOf = (at: string, spanMs: number): string => `${at} / ${spanMs} * ${spanMs}`;
const EVENTS = 'FROM task_history h JOIN tasks t ON t.seq = h.seq';
const counted = (group: string): string =>
  select(
    [group, 't.status', 't.rank', 'count(*)', `sum(CASE WHEN t.status = 2 THEN ${TOOK} ELSE 0 END)`],
    'FROM tasks t GROUP BY 1, 2, 3',
  );
const sumWhere = (condition: string, figure = '1'): string =>
  `sum(CASE WHEN ${condition} THEN ${figure} ELSE 0 END)`;

const happenedIn = (spanMs: number): string =>
  select(
    [
      startOf('h.at', spanMs),
      sumWhere('h.command = 0'),
      sumWhere('h.command = 1'),
      sumWhere('h.to_status = 2'),
      sumWhere('h.to_status = 3'),
      sumWhere('h.to_status = 4'),
      sumWhere('h.to_status = 0 AND h.command NOT IN (0, 5)'),
      sumWhere('h.to_status = 2', TOOK),
    ],
    `${EVENTS} GROUP BY 1`,
  );

/** Statuses are waiting 0, completed 2, failed 3, cancelled 4; commands create 0, claim 1, release 5. */
const RECOUNTED = {
  task_counts: `${counted('t.group_id')} UNION ALL ${counted('0 * t.group_id')}`,
  ready: select(
    ['g.id', 'count(t.seq)'],
    `FROM task_groups g LEFT JOIN tasks t ON t.group_id = g.id AND t.status = 0 AND t.gate = 0 GROUP BY 1`,
  ),
  queue_blocks: select(
    ['t.rank', 't.seq / 1024', 'count(*)'],
    'FROM tasks t WHERE t.status = 0 AND t.gate = 0 GROUP BY 1, 2',
  ),
  type_counts: select(
    ['g.kb_id', 'g.task_type', 't.status', 'count(*)', `sum(CASE WHEN t.status = 2 THEN ${TOOK} ELSE 0 END)`],
    'FROM tasks t JOIN task_groups g ON g.id = t.group_id GROUP BY 1, 2, 3',
  ),
  stat_minutes: happenedIn(60_000),
  stat_hours: happenedIn(3_600_000),
  durations: select(
    ['g.task_type', 'h.at', TOOK],
    `${EVENTS} JOIN task_groups g ON g.id = t.group_id WHERE h.to_status = 2`,
  ),
};

/** What the roll-up tables hold, without the rows of nothing. */
export async function stored(source: DataSource): Promise<RollUpRows> {
  const tables = await rowsOf(source, STORED);
  return sorted({
    ...tables,
    task_counts: tables.task_counts.filter(([, , , tasks, ms]) => tasks !== 0 || ms !== 0),
    queue_blocks: tables.queue_blocks.filter(([, , ready]) => ready !== 0),
    type_counts: tables.type_counts.filter(([, , , tasks, ms]) => tasks !== 0 || ms !== 0),
  });
}

/** What they should hold, by a plain recount of tasks and history. */
export async function recounted(source: DataSource): Promise<RollUpRows> {
  const { durations, ...tables } = await rowsOf(source, RECOUNTED);
  return sorted({ ...tables, time_bins: binsOf(durations) });
}

/** What took how long, counted by bins: of all types by minute, hour and day, and of each type. */
function binsOf(durations: readonly Row[]): Row[] {
  const rows = durations.flatMap(([type = '', at = 0, ms = 0]) => {
    const within = [60_000, 3_600_000, 86_400_000].map((span) => [
      '',
      span,
      Number(at) - (Number(at) % span),
    ]);
    return [...within, [type, 0, 0]].map((row) => [...row, binOf(Number(ms))]);
  });
  const alike = Map.groupBy(rows, (row) => row.join());
  return [...alike.values()].map((same) => [...(same[0] ?? []), same.length]);
}

/** Every figure of the roll-up tables that is below nothing. */
export async function negatives(source: DataSource): Promise<Row> {
  return Object.values(await rowsOf(source, STORED)).flatMap((rows) =>
    rows.flat().filter((figure) => Number(figure) < 0),
  );
}

/** Bins of 2 % each; what took no millisecond has one of its own. */
function binOf(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / Math.log(1.02));
}

async function rowsOf<Name extends string>(
  source: DataSource,
  queries: Readonly<Record<Name, string>>,
): Promise<Record<Name, Row[]>> {
  const tables: [string, Row[]][] = [];
  for (const [name, sql] of Object.entries<string>(queries)) {
    const rows = await source.query<Record<string, unknown>[]>(sql);
    tables.push([name, rows.map((row) => Object.values(row).map(valueOf))]);
  }
  return Object.fromEntries(tables) as Record<Name, Row[]>;
}

/** PostgreSQL tells sums of big integers as text. */
function valueOf(value: unknown): number | string {
  return typeof value === 'string' && !/^-?\d+$/.test(value) ? value : Number(value);
}

function sorted(tables: Readonly<Record<string, readonly Row[]>>): RollUpRows {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1)),
    ]),
  );
}
