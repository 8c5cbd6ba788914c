import type { ClaimFilter, Position, TaskFilter, TaskSort } from '@task/application';
import { at, TappedSqlite } from './tapped-sqlite';

/** Groups that a claim reads the heads of at most; beyond, it reads all that is ready in its order. */
const MOST_MERGED = 1_000;
const LOADED = [
  'SEARCH b USING INTEGER PRIMARY KEY (rowid=?)',
  'SEARCH g USING INTEGER PRIMARY KEY (rowid=?)',
  'SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
  'SEARCH l USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
];
const HEAD_OF_GROUP = 'SEARCH tasks USING COVERING INDEX tasks_ready_by_group (group_id=?)';
const GROUPS_OF_DIRECTORY = 'SEARCH g USING INDEX task_groups_ready (directory_id=?)';

describe('the statements of a store on SQLite', () => {
  let tapped: TappedSqlite;

  beforeEach(async () => {
    tapped = await TappedSqlite.open();
  });
  afterEach(() => tapped.end());

  describe('of a claim', () => {
    it.each<[string, ClaimFilter, readonly string[]]>([
      ['any task', {}, ['SCAN tasks USING COVERING INDEX tasks_ready']],
      [
        'one directory',
        at('/srv/project', false),
        [
          'SEARCH d USING COVERING INDEX sqlite_autoindex_directories_1 (path=?)',
          GROUPS_OF_DIRECTORY,
          HEAD_OF_GROUP,
        ],
      ],
      [
        'a directory and those below',
        at('/srv', true),
        [
          'MULTI-INDEX OR',
          'INDEX 1',
          'SEARCH d USING COVERING INDEX sqlite_autoindex_directories_1 (path=?)',
          'INDEX 2',
          'SEARCH d USING COVERING INDEX sqlite_autoindex_directories_1 (path>? AND path<?)',
          GROUPS_OF_DIRECTORY,
          HEAD_OF_GROUP,
        ],
      ],
      ['types', { taskTypes: ['build', 'test'] }, ['SCAN g USING INDEX task_groups_ready', HEAD_OF_GROUP]],
    ])('for %s read the ready ones in their order', async (_, filter, plan) => {
      await tapped.queue.createAll([
        { taskType: 'build' },
        { taskType: 'test' },
        { workDirectory: '/srv/project/part' },
      ]);
      expect(await tapped.plansOf(/FROM task_groups|gate = 0/, () => tapped.queue.claimed(filter))).toEqual(
        plan,
      );
    });

    it('read all that is ready in its order, when too many groups match to merge', async () => {
      for (const first of [0, MOST_MERGED / 2, MOST_MERGED]) {
        await tapped.queue.createAll(
          Array.from({ length: MOST_MERGED / 2 }, (_, index) => ({
            workDirectory: `/many/${first + index}`,
          })),
        );
      }
      const plan = await tapped.plansOf(/FROM tasks.*gate = 0/s, () =>
        tapped.queue.claimed(at('/many', true)),
      );
      expect(plan[0]).toBe('SCAN t USING INDEX tasks_ready');
      expect(plan.filter((line) => /\b[gd]\b/.test(line))).not.toContainEqual(expect.stringMatching(/^SCAN/));
    });

    it('read of the scheduled ones those that are due', async () => {
      await tapped.queue.create({ availableAt: tapped.clock.now() + 10 });
      tapped.clock.advance(10);
      expect(await tapped.plansOf(/gate = 1/, () => tapped.queue.claimed())).toEqual([
        'SEARCH tasks USING COVERING INDEX tasks_scheduled (available_at<?)',
      ]);
    });

    it('load what they give out by its key', async () => {
      await tapped.queue.create();
      expect(await tapped.plansOf(/JOIN task_bodies/, () => tapped.queue.claimed())).toEqual([
        'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
        ...LOADED,
      ]);
    });
  });

  it('tell the next due time from what is scheduled alone', async () => {
    await tapped.queue.createAll([{}, {}, { availableAt: tapped.clock.now() + 10 }]);
    for (const action of [
      () => tapped.queue.store.nextDueAt(),
      () => tapped.opened.statistics.claimableSince(),
    ]) {
      expect(await tapped.plansOf(/gate = 1/, action)).toEqual([
        'SEARCH tasks USING COVERING INDEX tasks_scheduled',
      ]);
    }
  });

  it('tell since when tasks wait from the first of each rank', async () => {
    await tapped.queue.createAll([{}, {}]);
    const plan = await tapped.plansOf(/gate = 0/, () => tapped.opened.statistics.claimableSince());
    expect(plan.filter((line) => /\b(?:tasks|n|t)\b/.test(line))).toEqual([
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH n USING COVERING INDEX tasks_ready (rank=?)',
    ]);
  });

  it('read statistics by the key of their counters', async () => {
    const tables = /FROM (?:task_counts|type_counts|stat_|.*time_bins)/s;
    const plan = await tapped.plansOf(tables, async () => {
      await tapped.opened.statistics.counts();
      await tapped.opened.statistics.types({ kbId: 'kb-1' }, 10);
      await tapped.opened.statistics.moments('minute', { from: 0, to: 86_400_000 });
      await tapped.opened.statistics.moments('hour', { from: 0, to: 86_400_000 });
      await tapped.opened.statistics.durationsWithin({ from: 60_000, to: 20 * 86_400_000 });
      await tapped.opened.statistics.durationsOf('build');
    });
    expect(plan.length).toBeGreaterThan(5);
    expect(plan.filter((line) => /^SCAN \w+(?: USING|$)/.test(line) && line !== 'SCAN bins')).toEqual([]);
  });

  it('load a task by its id', async () => {
    const task = await tapped.queue.create();
    for (const action of [() => tapped.queue.stored(task), () => tapped.queue.cancel(task)]) {
      expect(await tapped.plansOf(/JOIN task_bodies/, action)).toEqual([
        'SEARCH t USING INDEX sqlite_autoindex_tasks_1 (id=?)',
        ...LOADED,
      ]);
    }
  });

  it('count workers by when they were last seen, and look for what each of those alive holds', async () => {
    expect(await tapped.plansOf(/FROM workers/, () => tapped.opened.workers.count(0))).toEqual([
      expect.stringMatching(/^SEARCH w USING (?:COVERING )?INDEX workers_by_last_seen \(last_seen>\?\)$/),
      'CORRELATED SCALAR SUBQUERY 2',
      'SEARCH l USING INDEX leases_by_worker (worker_id=?)',
      'SCALAR SUBQUERY 1',
      'SCAN workers USING COVERING INDEX workers_by_last_seen',
    ]);
  });

  it('find what a worker holds by its name', async () => {
    expect(await tapped.plansOf(/FROM leases/, () => tapped.opened.workers.heldBy('worker-1'))).toEqual([
      expect.stringMatching(/^SEARCH l USING (?:COVERING )?INDEX leases_by_worker \(worker_id=\?\)$/),
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it('find whose slots a worker keeps among those few that are kept', async () => {
    expect(await tapped.plansOf(/FROM leases/, () => tapped.opened.workers.slotsOf('worker-1'))).toEqual([
      'SEARCH l USING INDEX leases_by_slot (slot_until>?)',
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it('read a history by its task', async () => {
    const task = await tapped.queue.create();
    expect(await tapped.plansOf(/./, () => tapped.queue.history(task))).toEqual([
      'SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)',
      'SEARCH h USING INDEX sqlite_autoindex_task_history_1 (seq=?)',
    ]);
  });

  it('read what a page of workers holds at once, and of each no more than is told', async () => {
    await tapped.queue.createAll(Array.from({ length: 6 }, () => ({})));
    for (const workerId of ['a', 'b', 'c']) await tapped.queue.claimUpTo(2, {}, { workerId });
    const statements = await tapped.wiretap.during(() => tapped.opened.workers.list(100, 0));
    expect(statements).toHaveLength(2);
    const plan = statements.filter(({ sql }) => sql.includes('leases')).flatMap(tapped.planOf);
    expect(plan).toContain('SEARCH o USING INDEX leases_by_worker (worker_id=?)');
    expect(plan.filter((line) => /SCAN|AUTOMATIC/.test(line))).toEqual([]);
  });

  describe.each(['asc', 'desc'] as const)('of a list, %s,', (order) => {
    const BEHIND = order === 'asc' ? 'created_at>?' : 'created_at<?';
    const list = (filter: TaskFilter, by: TaskSort['by'], after: Position | null): Promise<Position | null> =>
      tapped.opened.tasks
        .list({ filter, sort: { by, order }, limit: 1, offset: 0, after })
        .then((page) => page.next);

    it.each<[string, TaskFilter, TaskSort['by'], string, string]>([
      [
        'all by creation',
        {},
        'created_at',
        'SCAN t USING INDEX tasks_by_creation',
        `SEARCH t USING INDEX tasks_by_creation (${BEHIND})`,
      ],
      [
        'one status',
        { status: 'waiting' },
        'created_at',
        'SEARCH t USING INDEX tasks_by_status (status=? AND rank=?)',
        `SEARCH t USING INDEX tasks_by_status (status=? AND rank=? AND ${BEHIND})`,
      ],
      [
        'all by urgency',
        {},
        'priority',
        'SEARCH t USING INDEX tasks_by_status (status=? AND rank=?)',
        `SEARCH t USING INDEX tasks_by_status (status=? AND rank=? AND ${BEHIND})`,
      ],
      [
        'one group',
        { kbId: 'kb-1' },
        'status',
        'SEARCH t USING COVERING INDEX tasks_by_group (group_id=? AND status=? AND rank=?)',
        `SEARCH t USING COVERING INDEX tasks_by_group (group_id=? AND status=? AND rank=? AND ${BEHIND})`,
      ],
      [
        'those with a tag',
        { tags: { names: ['rare'], mode: 'all' } },
        'created_at',
        'SEARCH t USING PRIMARY KEY (tag_id=?)',
        `SEARCH t USING PRIMARY KEY (tag_id=? AND (created_at,seq)${order === 'asc' ? '>' : '<'}(?,?))`,
      ],
    ])('read %s in their order, from the start and from a place on', async (_, filter, by, start, behind) => {
      const tags = ['rare'];
      await tapped.queue.createAll([{ kbId: 'kb-1', tags }, { kbId: 'kb-1', tags }, { kbId: 'kb-1' }]);
      let next: Position | null = null;
      const first = await tapped.plansOf(/FROM (?:tasks|task_tags) t\s.*ORDER BY/s, async () => {
        next = await list(filter, by, null);
      });
      expect(first).toEqual([start]);
      expect(next).not.toBeNull();
      expect(
        await tapped.plansOf(/FROM (?:tasks|task_tags) t\s.*ORDER BY/s, () => list(filter, by, next)),
      ).toEqual([behind]);
    });
  });
});
