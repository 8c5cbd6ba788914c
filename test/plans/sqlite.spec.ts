import Sqlite from 'better-sqlite3';
import type { ClaimFilter, Position, TaskFilter, TaskSort } from '@task/application';
import { migrateStore, openStore, type OpenStore } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { scratchSqlite } from '../support/scratch-databases';
import { only, TestQueue } from '../support/test-queue';
import { SqliteWiretap, type RunStatement } from './sqlite-wiretap';

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
  let wiretap: SqliteWiretap;
  let opened: OpenStore;
  let queue: TestQueue;
  let judge: Sqlite.Database;
  let clock: FixedClock;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    clock = new FixedClock();
    const database = await scratchSqlite(clock);
    await migrateStore(database.options);
    judge = new Sqlite(database.path, { readonly: true });
    wiretap = new SqliteWiretap();
    opened = await openStore(database.options);
    queue = new TestQueue(opened.tasks);
    remove = database.remove;
  });

  afterEach(async () => {
    wiretap.end();
    judge.close();
    await opened.close();
    await remove();
  });

  const planOf = ({ sql, values }: RunStatement): string[] =>
    judge
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => detail);

  /** How SQLite finds the rows of those statements that an action runs and that are about something. */
  const plansOf = async (about: RegExp, action: () => Promise<unknown>): Promise<string[]> =>
    (await wiretap.during(action)).filter(({ sql }) => about.test(sql)).flatMap(planOf);

  const at = (path: string, recursive: boolean): ClaimFilter => ({ directory: { path, recursive } });

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
      await queue.createAll([
        { taskType: 'build' },
        { taskType: 'test' },
        { workDirectory: '/srv/project/part' },
      ]);
      expect(await plansOf(/FROM task_groups|gate = 0/, () => queue.claimed(filter))).toEqual(plan);
    });

    it('read all that is ready in its order, when too many groups match to merge', async () => {
      for (const first of [0, MOST_MERGED / 2, MOST_MERGED]) {
        await queue.createAll(
          Array.from({ length: MOST_MERGED / 2 }, (_, index) => ({
            workDirectory: `/many/${first + index}`,
          })),
        );
      }
      const plan = await plansOf(/FROM tasks.*gate = 0/s, () => queue.claimed(at('/many', true)));
      expect(plan[0]).toBe('SCAN t USING INDEX tasks_ready');
      expect(plan.filter((line) => /\b[gd]\b/.test(line))).not.toContainEqual(expect.stringMatching(/^SCAN/));
    });

    it('read of the scheduled ones those that are due', async () => {
      await queue.create({ availableAt: clock.now() + 10 });
      clock.advance(10);
      expect(await plansOf(/gate = 1/, () => queue.claimed())).toEqual([
        'SEARCH tasks USING COVERING INDEX tasks_scheduled (available_at<?)',
      ]);
    });

    it('load what they give out by its key', async () => {
      await queue.create();
      expect(await plansOf(/JOIN task_bodies/, () => queue.claimed())).toEqual([
        'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
        ...LOADED,
      ]);
    });
  });

  it('tell the next due time from what is scheduled alone', async () => {
    await queue.createAll([{}, {}, { availableAt: clock.now() + 10 }]);
    for (const action of [() => queue.store.nextDueAt(), () => opened.statistics.claimableSince()]) {
      expect(await plansOf(/gate = 1/, action)).toEqual([
        'SEARCH tasks USING COVERING INDEX tasks_scheduled',
      ]);
    }
  });

  it('tell since when tasks wait from the first of each rank', async () => {
    await queue.createAll([{}, {}]);
    const plan = await plansOf(/gate = 0/, () => opened.statistics.claimableSince());
    expect(plan.filter((line) => /\b(?:tasks|n|t)\b/.test(line))).toEqual([
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH n USING COVERING INDEX tasks_ready (rank=?)',
    ]);
  });

  it('read statistics by the key of their counters', async () => {
    const tables = /FROM (?:task_counts|type_counts|stat_|.*time_bins)/s;
    const plan = await plansOf(tables, async () => {
      await opened.statistics.counts();
      await opened.statistics.types({ kbId: 'kb-1' }, 10);
      await opened.statistics.moments('minute', { from: 0, to: 86_400_000 });
      await opened.statistics.moments('hour', { from: 0, to: 86_400_000 });
      await opened.statistics.durationsWithin({ from: 60_000, to: 20 * 86_400_000 });
      await opened.statistics.durationsOf('build');
    });
    expect(plan.length).toBeGreaterThan(5);
    expect(plan.filter((line) => /^SCAN \w+(?: USING|$)/.test(line) && line !== 'SCAN bins')).toEqual([]);
  });

  it('load a task by its id', async () => {
    const task = await queue.create();
    for (const action of [() => queue.stored(task), () => queue.cancel(task)]) {
      expect(await plansOf(/JOIN task_bodies/, action)).toEqual([
        'SEARCH t USING INDEX sqlite_autoindex_tasks_1 (id=?)',
        ...LOADED,
      ]);
    }
  });

  it('count workers by when they were last seen, and look for what each of those alive holds', async () => {
    expect(await plansOf(/FROM workers/, () => opened.workers.count(0))).toEqual([
      expect.stringMatching(/^SEARCH w USING (?:COVERING )?INDEX workers_by_last_seen \(last_seen>\?\)$/),
      'CORRELATED SCALAR SUBQUERY 2',
      'SEARCH l USING INDEX leases_by_worker (worker_id=?)',
      'SCALAR SUBQUERY 1',
      'SCAN workers USING COVERING INDEX workers_by_last_seen',
    ]);
  });

  it('find what a worker holds by its name', async () => {
    expect(await plansOf(/FROM leases/, () => opened.workers.heldBy('worker-1'))).toEqual([
      expect.stringMatching(/^SEARCH l USING (?:COVERING )?INDEX leases_by_worker \(worker_id=\?\)$/),
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it('find whose slots a worker keeps among those few that are kept', async () => {
    expect(await plansOf(/FROM leases/, () => opened.workers.slotsOf('worker-1'))).toEqual([
      'SEARCH l USING INDEX leases_by_slot (slot_until>?)',
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it('read a history by its task', async () => {
    const task = await queue.create();
    expect(await plansOf(/./, () => queue.history(task))).toEqual([
      'SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)',
      'SEARCH h USING INDEX sqlite_autoindex_task_history_1 (seq=?)',
    ]);
  });

  it('read what a page of workers holds at once, and of each no more than is told', async () => {
    await queue.createAll(Array.from({ length: 6 }, () => ({})));
    for (const workerId of ['a', 'b', 'c']) await queue.claimUpTo(2, {}, { workerId });
    const statements = await wiretap.during(() => opened.workers.list(100, 0));
    expect(statements).toHaveLength(2);
    const plan = statements.filter(({ sql }) => sql.includes('leases')).flatMap(planOf);
    expect(plan).toContain('SEARCH o USING INDEX leases_by_worker (worker_id=?)');
    expect(plan.filter((line) => /SCAN|AUTOMATIC/.test(line))).toEqual([]);
  });

  describe.each(['asc', 'desc'] as const)('of a list, %s,', (order) => {
    const BEHIND = order === 'asc' ? 'created_at>?' : 'created_at<?';
    const list = (filter: TaskFilter, by: TaskSort['by'], after: Position | null): Promise<Position | null> =>
      opened.tasks
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
      await queue.createAll([{ kbId: 'kb-1', tags }, { kbId: 'kb-1', tags }, { kbId: 'kb-1' }]);
      let next: Position | null = null;
      const first = await plansOf(/FROM (?:tasks|task_tags) t\s.*ORDER BY/s, async () => {
        next = await list(filter, by, null);
      });
      expect(first).toEqual([start]);
      expect(next).not.toBeNull();
      expect(await plansOf(/FROM (?:tasks|task_tags) t\s.*ORDER BY/s, () => list(filter, by, next))).toEqual([
        behind,
      ]);
    });
  });

  it('sort nothing, and read through tasks only in the order that is wanted', async () => {
    // Tags have the order of creation only; a total scans what its own stream has found.
    const plan = await plansOf(/^(?!.*(?:\) w CROSS JOIN tasks t|AS looked))/s, everything);
    expect(plan.filter((line) => line.includes('TEMP B-TREE'))).toEqual([]);
    expect(new Set(plan.filter((line) => /^SCAN (?:tasks|t)\b/.test(line)))).toEqual(
      new Set(['SCAN tasks USING COVERING INDEX tasks_ready', 'SCAN t USING INDEX tasks_by_creation']),
    );
  });

  it('give the planner no value that it would compile them anew for', async () => {
    await everything();
    expect(wiretap.compiled.length).toBeGreaterThan(30);
    expect(wiretap.compiled.filter(isSeenByPlanner)).toEqual([]);
  });

  it('which would be noticed', () => {
    judge.prepare('SELECT seq FROM tasks WHERE id = ?');
    expect(wiretap.compiled.filter(isSeenByPlanner)).toEqual(['SELECT seq FROM tasks WHERE id = ?']);
  });

  it('are compiled at the first time, and never again', async () => {
    await everything();
    const first = wiretap.compiled.length;
    await everything();
    expect(wiretap.compiled.slice(first)).toEqual([]);
  });

  /** Each kind of work once. */
  async function everything(): Promise<void> {
    await queue.createAll([
      { tags: ['a', 'b'], priority: 9 },
      { autoRetry: true },
      { availableAt: clock.now() + 5 },
      { kbId: 'kb-1' },
      { workDirectory: '/srv/project/part' },
      { taskType: 'build' },
    ]);
    clock.advance(5);
    await queue.complete(await queue.claimed());
    await queue.fail(await queue.claimed({ kbId: 'kb-1' }));
    await queue.release(await queue.claimed({ ...at('/srv', true), taskTypes: ['agent_prompt'] }));
    await queue.claimUpTo(2, at('/srv/project', false));
    const [task] = await queue.all({ status: 'failed' });
    if (task !== undefined) await queue.retry(task);
    await queue.cancel(only(await queue.all({ taskType: 'build', status: 'waiting' })));
    await queue.events();
    for (const filter of FILTERS) {
      for (const by of ['created_at', 'priority', 'status'] as const)
        await queue.all(filter, { by, order: 'desc' });
    }
    await opened.tasks.countByStatus();
    await opened.tasks.ping();
  }
});

const FILTERS: readonly TaskFilter[] = [
  {},
  { status: 'waiting', priorities: { from: 4, to: 6 } },
  { taskType: 'agent_prompt', kbId: 'kb-1' },
  { directoryContains: 'project' },
  { tags: { names: ['a', 'b'], mode: 'all' } },
  { tags: { names: ['a', 'b'], mode: 'any' }, status: 'completed' },
  { createdAfter: 0, createdBefore: 9e15 },
];

/** Whether a parameter stands where the planner looks at its value; prepare.ts tells why that is dear. */
function isSeenByPlanner(sql: string): boolean {
  return /(?<!\+)\?/.test(sql);
}
