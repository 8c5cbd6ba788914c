import { fieldsIn, type ApiClient, type ApiTask } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { TestService } from './service';

const NEXT = '/api/v1/tasks/next';

describe('GET /api/v1/tasks/next', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  it('hands out a task with everything a worker needs, and says that nobody may keep the answer', async () => {
    const { task_id: id } = await admin.createTask({ payload: { branch: 'main' }, timeout_seconds: 60 });
    const { status, body, headers } = await admin.get(`${NEXT}?work_path=/srv/project&worker_id=worker-1`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.data).toEqual({
      task_id: id,
      prompt: 'write the release notes',
      work_directory: '/srv/project',
      priority: 'medium',
      tags: [],
      task_type: 'agent_prompt',
      payload: { branch: 'main' },
      attempt: 1,
      lease_token: expect.stringMatching(/^[0-9a-f]{32}$/),
      lease_expires_at: new Date(NOW + 1_800_000).toISOString(),
      worker_id: 'worker-1',
      timeout_seconds: 60,
      metadata: { created_by: 'admin-key', updated_by: 'worker-1' },
      retry_count: 0,
      concurrency_key: null,
      dependencies: [],
    });
  });

  it('answers success without data when there is nothing to hand out', async () => {
    const { status, body } = await admin.get(`${NEXT}?work_path=/srv/project`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, data: null, error: null });
  });

  it('hands each task out once, the most urgent first, then in order of arrival', async () => {
    const created: ApiTask[] = [];
    for (const priority of ['low', 'high', 'medium', 'high'])
      created.push(await admin.createTask({ priority }));
    const claimed: unknown[] = [];
    for (let count = 0; count < 4; count += 1) claimed.push((await admin.claimTask()).task_id);
    expect(claimed).toEqual([1, 3, 2, 0].map((index) => created[index]?.task_id));
    expect((await admin.get(`${NEXT}?work_path=/srv/project`)).body.data).toBeNull();
  });

  it('compares paths in any spelling, and takes those below only when asked to', async () => {
    await admin.createTask({ work_directory: '/srv//project/./sub/' });
    expect((await admin.get(`${NEXT}?work_path=/srv/project`)).body.data).toBeNull();
    expect((await admin.get(`${NEXT}?work_path=/srv/project&recursive=false`)).body.data).toBeNull();
    const { body } = await admin.get(
      `${NEXT}?work_path=${encodeURIComponent('/srv/x/../project/')}&recursive=true`,
    );
    expect(body.data.task_id).toBeDefined();
  });

  it('holds the task as long as the claim asks for', async () => {
    await admin.createTask();
    const claimed = await admin.claimTask('work_path=/srv/project&lease_seconds=10');
    expect(claimed.lease_expires_at).toBe(new Date(NOW + 10_000).toISOString());
  });

  it('records no name for a worker that gives none', async () => {
    const { task_id: id } = await admin.createTask();
    expect((await admin.claimTask('work_path=/srv/project')).worker_id).toBeNull();
    expect(await admin.readTask(id)).toMatchObject({ status: 'working', worker_id: null });
  });

  it('reads a plus in a query as a blank, as forms write it', async () => {
    const { task_id: id } = await admin.createTask({ work_directory: '/srv/my project' });
    expect((await admin.claimTask('work_path=/srv/my+project')).task_id).toBe(id);
  });

  it.each([
    ['', 'work_path'],
    ['work_path=srv', 'work_path'],
    ['work_path=', 'work_path'],
    [`work_path=/${'a'.repeat(512)}`, 'work_path'],
    ['work_path=/srv%00', 'work_path'],
    ['work_path=/srv%ff', 'work_path'],
    ['work_path=/srv&work_path=/opt', 'work_path'],
    ['work_path=/srv&worker_id=', 'worker_id'],
    [`work_path=/srv&worker_id=${'w'.repeat(101)}`, 'worker_id'],
    ['work_path=/srv&lease_seconds=9', 'lease_seconds'],
    ['work_path=/srv&lease_seconds=86401', 'lease_seconds'],
    ['work_path=/srv&lease_seconds=1e3', 'lease_seconds'],
    ['work_path=/srv&lease_seconds=+60', 'lease_seconds'],
    ['work_path=/srv&recursive=1', 'recursive'],
    ['work_path=/srv&recursive=True', 'recursive'],
    ['work_path=/srv&path=/srv', 'path'],
  ])('refuses the query "%.60s", and names %s', async (query, field) => {
    await admin.createTask();
    const answer = await admin.get(`${NEXT}?${query}`);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(fieldsIn(answer)).toEqual([field]);
    expect((await admin.claimTask()).attempt).toBe(1);
  });

  it.each([10, 86_400])('takes a lease of %d seconds', async (seconds) => {
    expect((await admin.get(`${NEXT}?work_path=/srv&lease_seconds=${seconds}`)).status).toBe(200);
  });

  it('is 405 for HEAD, which claims nothing', async () => {
    await admin.createTask();
    const { status, headers, text } = await admin.send('HEAD', `${NEXT}?work_path=/srv/project`);
    expect([status, headers.get('allow'), text]).toEqual([405, 'GET', '']);
    expect((await admin.claimTask()).attempt).toBe(1);
  });
});
