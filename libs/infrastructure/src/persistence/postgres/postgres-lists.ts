import type { Position, TaskFilter, TaskPageRequest } from '@task/application';
import type { DataSource } from 'typeorm';
import {
  ANY_LISTED,
  COUNT_AT_MOST,
  LISTED_COUNTS,
  LISTED_COLUMNS,
  countFilter,
  groupFilter,
  isCounted,
  leadOf,
  placeOf,
  startOf,
  streamsOf,
  type CountRow,
  type ListedRow,
  type Stream,
} from '../list-plan';
import { numbered } from './numbered';
import { Conditions } from './conditions';

/** A page before its tasks are loaded. */
export interface ListedSeqs {
  readonly seqs: readonly number[];
  readonly total: number;
  readonly totalCapped: boolean;
  readonly next: Position | null;
}

/** Lists tasks by merging streams, each read through an index no further than the page needs. */
export class PostgresLists {
  constructor(private readonly source: DataSource) {}

  async read(request: TaskPageRequest): Promise<ListedSeqs> {
    const { filter, sort, limit } = request;
    const counts = await this.counts(filter);
    const rows = filter.tags === undefined ? await this.merged(counts, request) : await this.picked(request);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      seqs: shown.map(({ seq }) => seq),
      next: last === undefined ? null : placeOf(last, sort),
      ...(isCounted(filter)
        ? { total: counts.reduce((sum, { tasks }) => sum + tasks, 0), totalCapped: false }
        : await this.counted(filter)),
    };
  }

  private counts(filter: TaskFilter): Promise<CountRow[]> {
    const { where, parameters } = containing(groupFilter(filter));
    const sql =
      where === ''
        ? `SELECT ${LISTED_COUNTS} FROM task_counts c WHERE c.group_id = 0 AND ${countFilter(filter)}`
        : `SELECT ${LISTED_COUNTS} FROM task_counts c JOIN task_groups g ON g.id = c.group_id
           LEFT JOIN directories d ON d.id = g.directory_id WHERE ${where} AND ${countFilter(filter)}`;
    return this.source.query<CountRow[]>(numbered(sql), [...parameters]);
  }

  private async merged(counts: readonly CountRow[], request: TaskPageRequest): Promise<ListedRow[]> {
    const { filter, sort, limit, offset, after } = request;
    const started = streamsOf(counts, filter, sort).map((stream) => ({
      stream,
      start: startOf(stream, request),
    }));
    const fresh = started.flatMap(({ stream, start }) => (start === null ? [stream] : []));
    const begun = started.flatMap(({ stream, start }) => (Array.isArray(start) ? [stream] : []));
    if (fresh.length + begun.length === 0) return [];
    const conditions = new Conditions();
    const direction = sort.order === 'asc' ? 'ASC' : 'DESC';
    const rows = conditions.bind(offset + limit + 1);
    const part = (streams: readonly Stream[], isBehind: boolean): string => {
      const inner = conditions.fork();
      // A place in the list is within its times; of two bounds on one side, the wrong one may say where to begin to read.
      if (!isBehind || sort.order === 'desc') inner.add('t.created_at >= ?', filter.createdAfter);
      if (!isBehind || sort.order === 'asc') inner.add('t.created_at < ?', filter.createdBefore);
      if (isBehind)
        inner.add(`(t.created_at, t.seq) ${sort.order === 'asc' ? '>' : '<'} (?, ?)`, after?.[1], after?.[2]);
      const [stream] = streams;
      for (const key of ['groupId', 'status', 'rank'] as const) {
        if (stream?.[key] !== null) inner.add(`t.${COLUMN_OF[key]} = s.${COLUMN_OF[key]}`);
      }
      const source = `unnest(${(['groupId', 'status', 'rank', 'lead'] as const)
        .map(
          (key) =>
            `${conditions.bind(streams.map((each) => (key === 'lead' ? leadOf(each, sort) : each[key])))}::int[]`,
        )
        .join(', ')}) AS s(group_id, status, rank, lead)`;
      return `SELECT s.lead, x.* FROM ${source} CROSS JOIN LATERAL (SELECT ${LISTED_COLUMNS} FROM tasks t
        ${inner.where} ORDER BY t.created_at ${direction}, t.seq ${direction} LIMIT ${rows}) x`;
    };
    const parts = [
      ...(fresh.length > 0 ? [part(fresh, false)] : []),
      ...(begun.length > 0 ? [part(begun, true)] : []),
    ];
    const sql = `${parts.join(' UNION ALL ')} ORDER BY lead ${direction}, created_at ${direction}, seq ${direction}
      LIMIT ${conditions.bind(limit + 1)} OFFSET ${conditions.bind(offset)}`;
    return this.source.query<ListedRow[]>(sql, conditions.values);
  }

  /** Lists by tag: the planner knows best whether to begin with the tag or with the order. */
  private picked({ filter, sort, limit, offset, after }: TaskPageRequest): Promise<ListedRow[]> {
    const conditions = matching(filter);
    const lead = { created_at: '0', priority: '-t.rank', status: 't.status' }[sort.by];
    const direction = sort.order === 'asc' ? 'ASC' : 'DESC';
    if (after !== null) {
      const sign = sort.order === 'asc' ? '>' : '<';
      conditions.add(`(${lead}, t.created_at, t.seq) ${sign} (?, ?, ?)`, after[0], after[1], after[2]);
    }
    const sql = `SELECT ${LISTED_COLUMNS} FROM tasks t ${conditions.where}
      ORDER BY ${sort.by === 'created_at' ? '' : `${lead} ${direction}, `}t.created_at ${direction}, t.seq ${direction}
      LIMIT ${conditions.bind(limit + 1)} OFFSET ${conditions.bind(offset)}`;
    return this.source.query<ListedRow[]>(sql, conditions.values);
  }

  private async counted(filter: TaskFilter): Promise<{ total: number; totalCapped: boolean }> {
    const conditions = matching(filter);
    const sql = `SELECT count(*)::int AS total FROM
      (SELECT 1 FROM tasks t ${conditions.where} LIMIT ${COUNT_AT_MOST + 1}) AS matches`;
    const [row] = await this.source.query<{ total: number }[]>(sql, conditions.values);
    const total = row?.total ?? 0;
    return { total: Math.min(total, COUNT_AT_MOST), totalCapped: total > COUNT_AT_MOST };
  }
}

const COLUMN_OF = { groupId: 'group_id', status: 'status', rank: 'rank' } as const;

/** Everything that a filter asks of a task. */
function matching(filter: TaskFilter): Conditions {
  const conditions = new Conditions();
  const groups = containing(groupFilter(filter));
  if (groups.where !== '') {
    conditions.add(
      `t.group_id IN (SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
        WHERE ${groups.where})`,
      ...groups.parameters,
    );
  }
  conditions.add(countFilter(filter).replaceAll(ANY_LISTED, 'true').replaceAll('c.', 't.'));
  conditions.add('t.created_at >= ?', filter.createdAfter);
  conditions.add('t.created_at < ?', filter.createdBefore);
  const tagged = 'SELECT tt.seq FROM task_tags tt JOIN tags n ON n.id = tt.tag_id WHERE n.name';
  const { names = [], mode } = filter.tags ?? {};
  if (mode === 'any') conditions.add(`t.seq IN (${tagged} = ANY(?::text[]))`, names);
  else for (const name of names) conditions.add(`t.seq IN (${tagged} = ?)`, name);
  return conditions;
}

/** PostgreSQL's word for "contains". */
function containing({ where, parameters }: ReturnType<typeof groupFilter>): ReturnType<typeof groupFilter> {
  return { where: where.replace('CONTAINS(', 'strpos(').replace(', ?)', ', ?) > 0'), parameters };
}
