import type { TaskFilter, TaskPageRequest, TaskSort } from '@task/application';
import {
  countFilter,
  groupFilter,
  inOrderOf,
  isCounted,
  leadOf,
  placeOf,
  startOf,
  streamsOf,
  type CountRow,
  type ListedRow,
} from './list-plan';

const BY_CREATION: TaskSort = { by: 'created_at', order: 'asc' };
const COUNTS: readonly CountRow[] = [
  { group_id: 1, status: 0, rank: 5, tasks: 3 },
  { group_id: 2, status: 2, rank: 0, tasks: 1 },
];
const row = (changes: Partial<ListedRow> = {}): ListedRow => ({
  seq: 1,
  created_at: 1_000,
  status: 0,
  rank: 5,
  group_id: 1,
  ...changes,
});

describe('groupFilter', () => {
  it('has no condition where a filter says nothing of groups', () => {
    const filter: TaskFilter = { status: 'waiting', priorities: { from: 1, to: 3 }, createdAfter: 5 };
    expect(groupFilter(filter)).toEqual({ where: '', parameters: [] });
  });

  it('binds every value in its place', () => {
    const { where, parameters } = groupFilter({ directoryContains: "it's", taskType: 'build', kbId: 'kb-1' });
    expect(where.split(' AND ')).toEqual([
      expect.stringMatching(/^CONTAINS\(d\.path .*, \?\) > 0$/),
      'g.task_type = ?',
      'g.kb_id = ?',
    ]);
    expect(parameters).toEqual(["it's", 'build', 'kb-1']);
  });
});

describe('countFilter', () => {
  it.each<[TaskFilter, string]>([
    [{}, 'c.tasks > c.archived'],
    [{ status: 'completed' }, 'c.tasks > c.archived AND c.status = 2'],
    [{ priorities: { from: 4, to: 6 } }, 'c.tasks > c.archived AND c.rank BETWEEN 4 AND 6'],
    [{ priorities: { from: 7, to: 10 } }, 'c.tasks > c.archived AND c.rank BETWEEN 0 AND 3'],
    [
      { status: 'waiting', priorities: { from: 1, to: 1 } },
      'c.tasks > c.archived AND c.status = 0 AND c.rank BETWEEN 9 AND 9',
    ],
  ])('asks for %j the counters %s', (filter, where) => {
    expect(countFilter(filter)).toBe(where);
  });
});

describe('isCounted', () => {
  it('says that counters know statuses, priorities and groups, and neither tags nor times', () => {
    expect(isCounted({ status: 'waiting', priorities: { from: 1, to: 2 }, taskType: 'a', kbId: 'b' })).toBe(
      true,
    );
    expect(isCounted({ tags: { names: ['a'], mode: 'all' } })).toBe(false);
    expect(isCounted({ createdAfter: 0 })).toBe(false);
    expect(isCounted({ createdBefore: 0 })).toBe(false);
  });
});

describe('streamsOf', () => {
  it('reads all tasks as one stream where nothing but times and tags are asked for', () => {
    const all = [{ groupId: null, status: null, rank: null }];
    expect(streamsOf(COUNTS, {}, BY_CREATION)).toEqual(all);
    expect(streamsOf(COUNTS, { createdAfter: 1 }, { by: 'created_at', order: 'desc' })).toEqual(all);
  });

  it.each<[TaskFilter, TaskSort['by']]>([
    [{ status: 'waiting' }, 'created_at'],
    [{ priorities: { from: 1, to: 5 } }, 'created_at'],
    [{}, 'priority'],
    [{}, 'status'],
  ])('reads for %j by %s a stream of each status and rank that has tasks', (filter, by) => {
    expect(streamsOf(COUNTS, filter, { by, order: 'asc' })).toEqual([
      { groupId: null, status: 0, rank: 5 },
      { groupId: null, status: 2, rank: 0 },
    ]);
  });

  it('reads the groups apart where a filter chooses among them', () => {
    expect(streamsOf(COUNTS, { kbId: 'kb-1' }, BY_CREATION)).toEqual([
      { groupId: 1, status: 0, rank: 5 },
      { groupId: 2, status: 2, rank: 0 },
    ]);
  });
});

describe('places in a list', () => {
  const request = (sort: TaskSort, after: readonly number[] | null): TaskPageRequest => ({
    filter: {},
    sort,
    limit: 10,
    offset: 0,
    after,
  });

  it('begin with what the list is sorted by', () => {
    const listed = row({ status: 3, rank: 2, created_at: 7, seq: 9 });
    expect(placeOf(listed, BY_CREATION)).toEqual([0, 7, 9]);
    expect(placeOf(listed, { by: 'status', order: 'asc' })).toEqual([3, 7, 9]);
    expect(placeOf(listed, { by: 'priority', order: 'asc' })).toEqual([-2, 7, 9]);
  });

  it('put the most urgent last when ascending', () => {
    const [urgent, idle] = [leadOf({ status: 0, rank: 0 }, { by: 'priority', order: 'asc' }), -9];
    expect(urgent).toBeGreaterThan(idle);
  });

  it('tell a stream whether it is done, begun, or still to come', () => {
    const waiting = { groupId: null, status: 0, rank: 5 };
    const completed = { groupId: null, status: 2, rank: 5 };
    const failed = { groupId: null, status: 3, rank: 5 };
    const place = [2, 7, 9];
    const startsOf = (order: TaskSort['order']): unknown[] =>
      [waiting, completed, failed].map((stream) => startOf(stream, request({ by: 'status', order }, place)));
    expect(startsOf('asc')).toEqual(['done', place, null]);
    expect(startsOf('desc')).toEqual([null, place, 'done']);
    expect(startOf(failed, request({ by: 'status', order: 'asc' }, null))).toBeNull();
  });
});

describe('inOrderOf', () => {
  it.each<[TaskSort['by'], Partial<ListedRow>, Partial<ListedRow>]>([
    ['created_at', { created_at: 1, seq: 9, rank: 0 }, { created_at: 2, seq: 1, rank: 9 }],
    ['created_at', { seq: 1, status: 4 }, { seq: 2, status: 0 }],
    ['priority', { rank: 9, created_at: 2 }, { rank: 0, created_at: 1 }],
    ['priority', { created_at: 1 }, { created_at: 2 }],
    ['status', { status: 0, created_at: 2 }, { status: 3, created_at: 1 }],
  ])('sorts by %s, then by creation and arrival, in either direction', (by, first, second) => {
    const [left, right] = [row(first), row(second)];
    expect(inOrderOf({ by, order: 'asc' })(left, right)).toBeLessThan(0);
    expect(inOrderOf({ by, order: 'asc' })(right, left)).toBeGreaterThan(0);
    expect(inOrderOf({ by, order: 'desc' })(left, right)).toBeGreaterThan(0);
    expect(inOrderOf({ by, order: 'asc' })(left, left)).toBe(0);
  });
});
