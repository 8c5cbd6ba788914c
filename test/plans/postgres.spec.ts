import { createDataSource } from '@task/infrastructure';
import type { DataSource } from 'typeorm';
import type { ClaimFilter, Position, TaskFilter, TaskSort } from '@task/application';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { openScratch, scratchPostgres, type ScratchStore } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { PostgresWiretap } from './postgres-wiretap';
import type { RunStatement } from './sqlite-wiretap';

const TASKS = 30_000;
const DIRECTORIES = 200;
const FAR_FUTURE = 9e12;
const READ = new Set(['tasks', 'task_tags']);

/** A node of a plan, as EXPLAIN (FORMAT JSON) tells it. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
}

describe('the statements of a store on PostgreSQL', () => {
  let postgres: TestPostgres;
  let scratch: ScratchStore;
  let queue: TestQueue;
  let wiretap: PostgresWiretap;
  /** Connected as the service is. */
  let judge: DataSource;

  beforeAll(async () => {
    postgres = await startPostgres();
    const database = await openScratch(await scratchPostgres(postgres));
    scratch = database;
    queue = new TestQueue(database.store.tasks);
    for (let first = 0; first < TASKS; first += 1_000) await queue.createAll(mixedTasks(first, 1_000));
    // As if every fourth had been done long ago; plans only ask how many there are.
    await execute(database.url, 'UPDATE tasks SET status = 2, gate = NULL WHERE seq % 4 = 0 AND gate = 0');
    await execute(database.url, 'ANALYZE');
    judge = await createDataSource(database.options).initialize();
    wiretap = new PostgresWiretap();
  });

  afterAll(async () => {
    wiretap.end();
    await judge.destroy();
    await scratch.remove();
    await postgres.stop();
  });

  const planOf = async (
    explain: string,
    { sql }: RunStatement,
    values: readonly unknown[],
  ): Promise<Node[]> => {
    const rows = await judge.query<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
      `EXPLAIN (${explain}, FORMAT JSON) ${sql}`,
      [...values],
    );
    return rows.flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan));
  };

  /**
   * How PostgreSQL finds the tasks, also by their tags, of those statements that an action runs and that are about something: with the
   * values of this run, and with any (after some runs a prepared statement is planned once for all values).
   */
  const readingOfTasks = async (
    about: RegExp,
    action: () => Promise<unknown>,
  ): Promise<{ readonly scans: readonly string[]; readonly nodes: readonly string[] }> => {
    const statements = (await wiretap.during(action)).filter(({ sql }) => about.test(sql));
    const plans = await Promise.all(
      statements.flatMap((statement) => [
        planOf('COSTS ON', statement, statement.values),
        planOf('GENERIC_PLAN', statement, []),
      ]),
    );
    const nodes = plans.flat();
    return {
      nodes: nodes.map((node) => node['Node Type']),
      scans: [
        ...new Set(
          nodes.flatMap((node) =>
            READ.has(node['Relation Name'] ?? '') ? [node['Index Name'] ?? 'no index'] : [],
          ),
        ),
      ],
    };
  };

  it.each<[string, RegExp, ClaimFilter, string]>([
    ['any task', /gate = 0/, {}, 'tasks_ready'],
    ['what is due', /gate = 1/, {}, 'tasks_scheduled'],
    [
      'one group',
      /gate = 0/,
      { directory: { path: '/srv/many/4', recursive: false }, taskTypes: ['agent_prompt'] },
      'tasks_ready_by_group',
    ],
  ])('of a claim for %s read one index in its order', async (_, about, filter, index) => {
    const { scans, nodes } = await readingOfTasks(about, () => queue.claimed(filter));
    expect(scans).toEqual([index]);
    expect(nodes).not.toContain('Sort');
  });

  it('about the first in line and the next due time read their indexes', async () => {
    const { scans } = await readingOfTasks(/gate = /, () => scratch.store.statistics.claimableSince());
    expect([...scans].sort()).toEqual(['tasks_pkey', 'tasks_ready', 'tasks_scheduled']);
  });

  it('of a claim for many groups read the head of each', async () => {
    const filter: ClaimFilter = { directory: { path: '/srv/many', recursive: true } };
    const { scans } = await readingOfTasks(/LATERAL/, () => queue.claimed(filter));
    expect(scans).toEqual(['tasks_ready_by_group']);
  });

  it('have names that PostgreSQL tells apart, whatever the filter', async () => {
    const directory = { path: '/srv/many', recursive: true };
    const filters: readonly ClaimFilter[] = [
      { directory, taskTypes: ['agent_prompt'] },
      { directory, taskTypes: ['agent_prompt', 'rare'] },
      { directory, taskTypes: ['agent_prompt', 'rare'], kbId: 'kb-1' },
      { directory, kbId: 'kb-1' },
    ];
    for (const filter of [...filters, ...filters]) await expect(queue.claim(filter)).resolves.toBeDefined();
    const texts = Map.groupBy(wiretap.named, ({ name }) => Buffer.from(name).subarray(0, 63).toString());
    expect([...texts.values()].map((of) => new Set(of.map(({ sql }) => sql)).size)).toEqual(
      Array.from(texts, () => 1),
    );
  });

  it('load tasks by their keys', async () => {
    const task = await queue.claimed();
    expect((await readingOfTasks(/JOIN task_bodies/, () => queue.claimed())).scans).toEqual(['tasks_pkey']);
    expect((await readingOfTasks(/JOIN task_bodies/, () => queue.stored(task))).scans).toEqual([
      'tasks_id_key',
    ]);
    expect((await readingOfTasks(/FOR UPDATE/, () => queue.complete(task))).scans).toEqual(['tasks_id_key']);
  });

  it.each<[string, TaskFilter, TaskSort['by'], TaskSort['order'], string]>([
    ['all by creation', {}, 'created_at', 'desc', 'tasks_by_creation'],
    ['all by creation', {}, 'created_at', 'asc', 'tasks_by_creation'],
    ['one status', { status: 'waiting' }, 'created_at', 'desc', 'tasks_by_status'],
    ['all by urgency', {}, 'priority', 'desc', 'tasks_by_status'],
    ['a time', { createdBefore: FAR_FUTURE }, 'created_at', 'desc', 'tasks_by_creation'],
  ])('of a list of %s read one index (%j by %s, %s)', async (_, filter, by, order, index) => {
    let next: Position | null = null;
    const list = async (): Promise<void> => {
      const page = await scratch.store.tasks.list({
        filter,
        sort: { by, order },
        limit: 20,
        offset: 0,
        after: next,
      });
      next = page.next;
    };
    expect((await readingOfTasks(/LATERAL/, list)).scans).toEqual([index]);
    expect(next).not.toBeNull();
    expect((await readingOfTasks(/LATERAL/, list)).scans).toEqual([index]);
  });

  /** In its order, and at the tags of one task: whichever has the shorter way. */
  const OF_TAGS = ['task_tags_by_task', 'task_tags_pkey'];

  it.each<[string, TaskFilter, TaskSort['by'], readonly string[]]>([
    ['a tag', { tags: { names: ['common'], mode: 'all' } }, 'created_at', OF_TAGS],
    ['two tags', { tags: { names: ['third', 'rare'], mode: 'all' } }, 'created_at', OF_TAGS],
    ['one of two tags', { tags: { names: ['third', 'rare'], mode: 'any' } }, 'created_at', OF_TAGS],
    [
      'a tag and a status',
      { tags: { names: ['third'], mode: 'all' }, status: 'completed' },
      'created_at',
      [...OF_TAGS, 'tasks_by_status'],
    ],
    [
      'a tag by urgency',
      { tags: { names: ['common'], mode: 'all' } },
      'priority',
      [...OF_TAGS, 'tasks_by_status'],
    ],
    [
      'a tag in one directory',
      { tags: { names: ['third'], mode: 'all' }, directoryContains: '/srv/many/77' },
      'created_at',
      [...OF_TAGS, 'tasks_by_group'],
    ],
    ['a common status', { status: 'waiting' }, 'status', ['tasks_by_status']],
    ['one directory', { directoryContains: '/srv/many/77' }, 'created_at', ['tasks_by_group']],
    ['many directories by urgency', { directoryContains: '/srv/many' }, 'priority', ['tasks_by_group']],
  ])('of a far page of %s look along indexes alone (%j by %s)', async (_, filter, by, indexes) => {
    const page = { filter, sort: { by, order: 'desc' }, limit: 20, after: null } as const;
    const list = (): Promise<unknown> => scratch.store.tasks.list({ ...page, offset: 50 });
    const { scans, nodes } = await readingOfTasks(/WITH looked|FILTER/, list);
    expect(scans).not.toEqual([]);
    expect(scans.filter((scan) => !indexes.includes(scan))).toEqual([]);
    expect(nodes.filter((node) => /Seq Scan|Bitmap|Hash Join/.test(node))).toEqual([]);
  });

  it.each([
    ['asc', 't.created_at >='],
    ['desc', 't.created_at <'],
  ] as const)(
    'of a later page begin at its place alone, %s: of two bounds the wrong one may be taken',
    async (order, bound) => {
      const filter: TaskFilter = { createdAfter: 0, createdBefore: FAR_FUTURE };
      const request = { filter, sort: { by: 'created_at', order }, limit: 20, offset: 0 } as const;
      const { next } = await scratch.store.tasks.list({ ...request, after: null });
      const statements = await wiretap.during(() => scratch.store.tasks.list({ ...request, after: next }));
      const [list] = statements.filter(({ sql }) => sql.includes('LATERAL'));
      expect(list?.sql).toContain('(t.created_at, t.seq)');
      expect(list?.sql).not.toContain(bound);
    },
  );
});

function mixedTasks(first: number, count: number): Parameters<TestQueue['createAll']>[0] {
  return Array.from({ length: count }, (_, index) => ({
    workDirectory: `/srv/many/${(first + index) % DIRECTORIES}`,
    priority: 1 + (index % 10),
    taskType: index % 50 === 0 ? 'rare' : 'agent_prompt',
    availableAt: index % 7 === 0 ? FAR_FUTURE : null,
    tags: ['common', ...(index % 3 === 0 ? ['third'] : []), ...(index % 100 === 0 ? ['rare'] : [])],
  }));
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
