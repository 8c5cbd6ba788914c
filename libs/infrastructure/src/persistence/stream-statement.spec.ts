import type { Position, TaskFilter } from '@task/application';
import { headsStatement, streamStatement } from './stream-statement';

const ALL = { groupId: null, status: null, rank: null };
const PLACE: Position = [0, 70, 9];
const TIMES: TaskFilter = { createdAfter: 10, createdBefore: 90 };

/** The statement without the columns that every one reads. */
function told(...given: Parameters<typeof streamStatement>): [string, readonly (number | string)[]] {
  const { sql, parameters } = streamStatement(...given);
  return [sql.replace(/^SELECT .* FROM tasks t/, '').trim(), parameters];
}

describe('streamStatement', () => {
  it('reads all tasks in either direction', () => {
    expect(told(ALL, {}, { by: 'created_at', order: 'asc' }, null)).toEqual([
      'ORDER BY t.created_at ASC, t.seq ASC LIMIT ?',
      [],
    ]);
    expect(told(ALL, {}, { by: 'status', order: 'desc' }, null)).toEqual([
      'ORDER BY t.created_at DESC, t.seq DESC LIMIT ?',
      [],
    ]);
  });

  it('asks in the order of the index for group, status and rank, 0 among them', () => {
    expect(told({ groupId: 3, status: 0, rank: 0 }, {}, { by: 'priority', order: 'asc' }, PLACE)).toEqual([
      'WHERE t.group_id = ? AND t.status = ? AND t.rank = ? AND (t.created_at, t.seq) > (?, ?) ' +
        'ORDER BY t.created_at ASC, t.seq ASC LIMIT ?',
      [3, 0, 0, 70, 9],
    ]);
  });

  it('reads a time from its start', () => {
    expect(told(ALL, TIMES, { by: 'created_at', order: 'asc' }, null)).toEqual([
      'WHERE t.created_at >= ? AND t.created_at < ? ORDER BY t.created_at ASC, t.seq ASC LIMIT ?',
      [10, 90],
    ]);
  });

  it('has one bound only on the side where it begins: with two, SQLite would read what was listed already', () => {
    expect(told(ALL, TIMES, { by: 'created_at', order: 'asc' }, PLACE)).toEqual([
      'WHERE t.created_at < ? AND (t.created_at, t.seq) > (?, ?) ORDER BY t.created_at ASC, t.seq ASC LIMIT ?',
      [90, 70, 9],
    ]);
    expect(told(ALL, TIMES, { by: 'created_at', order: 'desc' }, PLACE)).toEqual([
      'WHERE t.created_at >= ? AND (t.created_at, t.seq) < (?, ?) ORDER BY t.created_at DESC, t.seq DESC LIMIT ?',
      [10, 70, 9],
    ]);
  });
});

describe('headsStatement', () => {
  it('looks for the first row of each stream behind a place, and binds in the order of its text', () => {
    const counters = {
      from: 'task_groups g CROSS JOIN task_counts c',
      where: 'g.kb_id = ?',
      parameters: ['kb-1'],
    };
    const { sql, parameters } = headsStatement(counters, TIMES, { by: 'created_at', order: 'desc' }, PLACE);
    expect(sql).toContain(
      'n.created_at >= ? AND (n.created_at, n.seq) < (?, ?)\n        ORDER BY n.created_at DESC, n.seq DESC LIMIT 1) AND g.kb_id = ?',
    );
    expect(parameters).toEqual([10, 70, 9, 'kb-1']);
  });
});
