import { fieldsIn, type ApiAnswer, type ApiClient, type ApiTask } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { TestService } from './service';

const NEXT = '/api/v1/tasks/next?work_path=/srv/project';

describe('a claim that waits', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const waiters = (count: number): Promise<true> =>
    eventually(() => Promise.resolve(service.core.waiting.count === count ? true : null));
  const wait = (more = ''): Promise<ApiAnswer<ApiTask>> => admin.get(`${NEXT}&wait=20${more}`);

  it('is answered as soon as there is work', async () => {
    const claim = wait('&worker_id=worker-1');
    await waiters(1);
    const { task_id: id } = await admin.createTask();
    expect((await claim).body.data).toMatchObject({ task_id: id, worker_id: 'worker-1', attempt: 1 });
  });

  it('takes what there is without waiting', async () => {
    const { task_id: id } = await admin.createTask();
    expect((await wait()).body.data.task_id).toBe(id);
    expect(service.core.waiting.count).toBe(0);
  });

  it('is answered with nothing when its time is over', async () => {
    const { status, body } = await admin.get(`${NEXT}&wait=1`);
    expect([status, body.data]).toEqual([200, null]);
  });

  it('gives each task to one of many, the oldest first', async () => {
    const first = wait();
    await waiters(1);
    const second = wait();
    await waiters(2);
    const one = await admin.createTask();
    expect((await first).body.data.task_id).toBe(one.task_id);
    expect(service.core.waiting.count).toBe(1);
    const two = await admin.createTask();
    expect((await second).body.data.task_id).toBe(two.task_id);
  });

  it('leaves work of another directory to others', async () => {
    const elsewhere = wait();
    await waiters(1);
    const { task_id: id } = await admin.createTask({ work_directory: '/srv/other' });
    expect((await admin.get('/api/v1/tasks/next?work_path=/srv/other')).body.data.task_id).toBe(id);
    expect(service.core.waiting.count).toBe(1);
    await admin.createTask();
    expect((await elsewhere).status).toBe(200);
  });

  it('has claimed nothing when its caller has hung up', async () => {
    const caller = new AbortController();
    const lost = admin.send('GET', `${NEXT}&wait=20`, { signal: caller.signal });
    await waiters(1);
    caller.abort();
    await expect(lost).rejects.toThrow();
    await waiters(0);
    const { task_id: id } = await admin.createTask();
    const claimed = await eventually(async () => (await admin.get<ApiTask | null>(NEXT)).body.data);
    expect(claimed.task_id).toBe(id);
  });

  it('waits for several at once just so, and takes as many as there are', async () => {
    const claim = admin.post<{ tasks: ApiTask[] }>('/api/v1/tasks/claim', { wait: 20, limit: 5 });
    await waiters(1);
    const tasks = [1, 2, 3].map(() => ({ work_directory: '/srv/a', prompt: 'read this' }));
    await admin.post('/api/v1/tasks/batch', { tasks });
    expect((await claim).body.data.tasks).toHaveLength(3);
  });

  it('is answered with nothing when the service stops, and so is who comes later', async () => {
    const claim = wait();
    await waiters(1);
    service.core.waiting.close();
    expect((await claim).body).toMatchObject({ success: true, data: null });
    expect((await wait()).body).toMatchObject({ success: true, data: null });
  });

  it('never waits for so long that its request times out', async () => {
    const hasty = await TestService.start({ settings: { requestTimeoutMs: 1_500 } });
    const { status, body } = await hasty.as('admin').get(`${NEXT}&wait=25`);
    expect([status, body.data]).toEqual([200, null]);
    await hasty.close();
  });

  it.each(['-1', '26', '1.5', 'long', ''])('refuses to wait for %j seconds', async (seconds) => {
    const answer = await admin.get(`${NEXT}&wait=${seconds}`);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, ['wait']]);
  });

  it('is one of a thousand, which take as much work as there is', async () => {
    const callers = Array.from({ length: 1_000 }, () => wait());
    await waiters(1_000);
    const tasks = Array.from({ length: 10 }, () => ({ work_directory: '/srv/project', prompt: 'read this' }));
    await admin.post('/api/v1/tasks/batch', { tasks });
    await waiters(990);
    service.core.waiting.close();
    const answers = await Promise.all(callers);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const ids = answers.flatMap(({ body }) => (body.data as ApiTask | null)?.task_id ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([10, 10]);
  });
});
