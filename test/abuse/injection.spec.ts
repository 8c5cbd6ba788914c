import { startPostgres, type TestPostgres } from '../support/postgres';
import { AbusedService } from './abused-service';

const TRICKS = [
  ...[
    "' OR '1'='1",
    "x'; DROP TABLE tasks; --",
    "x' UNION SELECT token FROM leases --",
    '" OR ""="',
    'x" --',
  ],
  ...[
    "') OR 1=1 --",
    'x\\',
    "x\\' OR 1=1 --",
    '%',
    '_',
    '%%',
    'a%_b',
    '$1',
    '?1',
    ':id',
    '@x',
    '{{x}}',
    "x''x",
  ],
  ...[
    "x'||(SELECT 1)||'",
    "'; ATTACH DATABASE 'x' AS y; --",
    "'; SELECT pg_sleep(9); --",
    'x*/',
    '/**/x',
    '--',
  ],
];
/** What only the enumerated parameters take. */
const ORDERS = [
  ...[
    'id',
    'seq',
    'created_at; DROP TABLE tasks',
    'created_at,(SELECT 1)',
    '1',
    '"created_at"',
    'random()',
    'CREATED_AT',
  ],
  ...['desc; --', 'created_at desc', '(case when 1=1 then 1 else 2 end)', 'status/**/', 'priority--'],
];

describe.each(['SQLite', 'PostgreSQL'])('SQL in whatever is sent, on %s', (database) => {
  let postgres: TestPostgres | null = null;
  let service: AbusedService;

  beforeAll(async () => {
    postgres = database === 'PostgreSQL' ? await startPostgres() : null;
    service = await AbusedService.start(
      postgres === null ? {} : { DATABASE_URL: await postgres.createDatabase() },
    );
  }, 120_000);
  afterAll(async () => {
    await service.dispose();
    await postgres?.stop();
  });

  const found = async (query: string): Promise<string[]> => {
    const { body } = await service.json('GET', `/api/v1/tasks?${query}`);
    return (body as { data: { tasks: { task_id: string }[] } }).data.tasks.map(({ task_id: id }) => id);
  };

  /** Everything that a task goes through, with the same text in every field. */
  const bringThrough = async (trick: string): Promise<void> => {
    const text = encodeURIComponent(trick);
    // Slashes are mended in a path.
    const directory = `/sql/${trick.replaceAll('/', ' ')}`;
    const task = {
      ...{ work_directory: directory, prompt: `Do ${trick}`, kb_id: trick, tags: [trick] },
      ...{ payload: { [trick]: trick }, metadata: { [trick]: trick } },
    };
    const created = await service.json('POST', '/api/v1/tasks', task);
    const { task_id: id } = (created.body as { data: { task_id: string } }).data;

    expect(await found(`kb_id=${text}`)).toEqual([id]);
    expect(await found(`tags=${text}`)).toEqual(trick.includes(',') ? [] : [id]);
    expect(await found(`work_directory=${encodeURIComponent(directory)}`)).toContain(id);

    const claim = { kb_id: trick, worker_id: trick };
    const claimed = await service.json('POST', '/api/v1/tasks/claim', claim);
    const [held] = (claimed.body as { data: { tasks: { task_id: string; lease_token: string }[] } }).data
      .tasks;
    expect(held?.task_id).toBe(id);
    const proof = { lease_token: trick };
    expect((await service.json('POST', `/api/v1/tasks/${id}/complete`, proof)).status).toBe(409);
    const progress = { lease_token: held?.lease_token, worker_id: trick, progress: 1, message: trick };
    expect((await service.json('POST', `/api/v1/tasks/${id}/progress`, progress)).status).toBe(200);
    const failure = { lease_token: held?.lease_token, error_message: trick, result: { [trick]: trick } };
    expect((await service.json('POST', `/api/v1/tasks/${id}/fail`, failure)).status).toBe(200);
    expect(
      (await service.json('POST', `/api/v1/tasks/${id}/cancel`, { force: true, reason: trick })).status,
    ).toBe(200);

    expect((await service.json('GET', `/api/v1/tasks/${id}`)).body).toMatchObject({
      data: {
        ...task,
        status: 'cancelled',
        error_message: trick,
        cancel_reason: trick,
        result: { [trick]: trick },
      },
    });
    expect((await service.json('GET', `/api/v1/workers/${text}`)).body).toMatchObject({
      data: { worker_id: trick },
    });
  };

  it('is text like any other, and finds nothing but itself', async () => {
    await Promise.all(TRICKS.map(bringThrough));
  });

  it('finds no other task by a pattern', async () => {
    await service.json('POST', '/api/v1/tasks', { work_directory: '/plain/abc', prompt: 'Be found.' });
    for (const pattern of ['/plain/%', '/plain/___', '/pl%c', '/PLAIN/ABC%'])
      expect([pattern, await found(`work_directory=${encodeURIComponent(pattern)}`)]).toEqual([pattern, []]);
    expect(await found('work_directory=/plain/abc')).toHaveLength(1);
  });

  it.each(ORDERS)('sorts by nothing but what there is to sort by: %s', async (order) => {
    const text = encodeURIComponent(order);
    for (const path of ['/api/v1/tasks', '/task-manager/api/v1/tasks'])
      for (const name of ['sort_by', 'sort_order', 'status', 'priority', 'cursor', 'page', 'limit']) {
        const { status } = await service.json('GET', `${path}?${name}=${text}`);
        expect([path, name, status]).toEqual([
          path,
          name,
          order === '1' && /page|limit/.test(name) ? expect.any(Number) : 400,
        ]);
      }
  });

  it('leaves every task where it was, and disturbs nobody', async () => {
    expect(await found('limit=1000&kb_id=%25')).toHaveLength(1);
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});
