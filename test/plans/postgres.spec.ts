import { Client } from 'pg';
import type { ClaimFilter, Position, TaskFilter, TaskSort } from '@task/application';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { openScratch, scratchPostgres, type ScratchStore } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { PostgresWiretap } from './postgres-wiretap';
import type { RunStatement } from './sqlite-wiretap';

const TASKS = 30_000;
const DIRECTORIES = 200;
const FAR_FUTURE = 9e12;

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
  let judge: Client;

  beforeAll(async () => {
    postgres = await startPostgres();
    const database = await openScratch(await scratchPostgres(postgres));
    scratch = database;
    queue = new TestQueue(database.store.tasks);
    for (let first = 0; first < TASKS; first += 1_000) await queue.createAll(mixedTasks(first, 1_000));
    // As if every fourth had been done long ago; plans only ask how many there are.
    await execute(database.url, 'UPDATE tasks SET status = 2, gate = NULL WHERE seq % 4 = 0 AND gate = 0');
    await execute(database.url, 'ANALYZE');
    judge = new Client({ connectionString: database.url });
    await judge.connect();
    wiretap = new PostgresWiretap();
  });

  afterAll(async () => {
    wiretap.end();
    await judge.end();
    await scratch.remove();
    await postgres.stop();
  });

  const planOf = async (
    explain: string,
    { sql }: RunStatement,
    values: readonly unknown[],
  ): Promise<Node[]> => {
    const { rows } = await judge.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `EXPLAIN (${explain}, FORMAT JSON) ${sql}`,
      [...values],
    );
    return rows.flatMap((row) => nodesOf(row['QUERY PLAN'][0].Plan));
  };

  /**
   * How PostgreSQL finds the tasks of those statements that an action runs and that are about something: with the
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
            node['Relation Name'] === 'tasks' ? [node['Index Name'] ?? 'no index'] : [],
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
  }));
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
