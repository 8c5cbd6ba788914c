import { CreateTasks, RunSchedules, ScheduledRuns } from '@task/application';
import { fieldsIn, type ApiAnswer, type ApiClient } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { ManualTimers } from '../../support/manual-timers';
import { TestService } from './service';

type Json = Readonly<Record<string, unknown>>;
type Schedule = Json & { readonly schedule_id: string };

const PATH = '/api/v1/schedules';
const TASK = { work_directory: '/srv/reports', prompt: 'Write the report' };
/** When tests take place: a Monday at ten. */
const DRAFT = { name: 'nightly', cron: '30 2 * * 1-5', time_zone: 'Europe/Berlin', task: TASK };
const DAY_MS = 86_400_000;

describe('schedules over REST', () => {
  let service: TestService;
  let producer: ApiClient;

  beforeEach(async () => {
    service = await TestService.start({ policy: { maxWaiting: 3 } });
    producer = service.as('producer');
  });
  afterEach(() => service.close());

  const make = (changes: object = {}, headers = {}): Promise<ApiAnswer<Schedule>> =>
    producer.post<Schedule>(PATH, { ...DRAFT, ...changes }, headers);
  const made = async (changes: object = {}): Promise<Schedule> => {
    const { status, body } = await make(changes);
    expect(status).toBe(201);
    return body.data;
  };
  const read = async (id: string): Promise<Json> => (await producer.get<Json>(`${PATH}/${id}`)).body.data;
  const change = (id: string, changes: object): Promise<ApiAnswer<Schedule>> =>
    producer.send<Schedule>('PATCH', `${PATH}/${id}`, { body: changes });
  const tasks = async (): Promise<readonly Json[]> =>
    (await producer.get<{ tasks: readonly Json[] }>('/api/v1/tasks')).body.data.tasks;
  /** Lets a time pass, and schedules be looked at after it. */
  const pass = async (ms: number): Promise<void> => {
    const timers = new ManualTimers(service.clock);
    const { core } = service;
    const createTasks = new CreateTasks(core.tasks, core.ids, core.policy, core.memory);
    const runs = new ScheduledRuns(createTasks, core.recurrence);
    const duty = new RunSchedules(core.schedules, runs, core.clock, timers);
    duty.start();
    await timers.pause(ms);
    duty.stop();
  };

  it('answers what was made, and reads it again', async () => {
    const schedule = await made({
      task: { ...TASK, priority: 'high', payload: { day: 1 }, concurrency_key: 'r' },
    });
    expect(schedule).toEqual({
      ...{ schedule_id: expect.any(String), name: 'nightly', cron: '30 2 * * 1-5', interval_seconds: null },
      ...{ time_zone: 'Europe/Berlin', missed: 'once', enabled: true },
      task: { ...TASK, priority: 'high', payload: { day: 1 }, concurrency_key: 'r' },
      ...{ next_run_at: '2025-08-19T00:30:00.000Z', last_run_at: null, last_task_id: null, last_error: null },
      ...{ created_at: '2025-08-18T10:00:00.000Z', created_by: 'producer-key' },
      ...{ updated_at: '2025-08-18T10:00:00.000Z', updated_by: 'producer-key' },
    });
    expect(await read(schedule.schedule_id)).toEqual(schedule);
    const every = await made({ name: 'every', cron: undefined, interval_seconds: 90 });
    expect([every.cron, every.interval_seconds, every.next_run_at]).toEqual([
      ...[null, 90, '2025-08-18T10:01:30.000Z'],
    ]);
  });

  it('names every field that is wrong, those of the task in their place', async () => {
    const answer = await make({
      ...{ name: ' x', cron: '61 * * * *', interval_seconds: 0, time_zone: 'Mars/Olympus', missed: 'all' },
      ...{
        task: { work_directory: 'srv', colour: 'red', schedule_for: '2025-01-01', depends_on: [] },
        id: 7,
      },
    });
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer).sort()).toEqual([
      ...['id', 'interval_seconds', 'missed', 'name', 'task.colour', 'task.depends_on', 'task.prompt'],
      ...['task.schedule_for', 'task.work_directory', 'time_zone'],
    ]);
    expect(await tasks()).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    [
      'no expression',
      { cron: '61 * * * *' },
      'cron',
      'must be a cron expression of five fields, such as 30 2 * * 1-5',
    ],
    [
      'a day that never comes',
      { cron: '0 0 30 2 *' },
      'cron',
      'must name a time that comes: this one never does',
    ],
    ['neither', { cron: undefined }, 'cron', 'is required'],
    ['both', { interval_seconds: 60 }, 'interval_seconds', 'must not be given together with cron'],
  ])('refuses %s', async (_, changes, field, reason) => {
    const { status, body } = await make(changes);
    expect([status, body.error.details]).toMatchObject([400, [{ field, reason }]]);
  });

  it('words its refusals in Chinese too', async () => {
    const { body } = await make({ time_zone: 'Mars/Olympus' }, { 'Accept-Language': 'zh' });
    expect(body.error.details).toMatchObject([{ reason: '必须是IANA时区名称，例如Europe/Berlin' }]);
    const { body: unknown } = await producer.get(`${PATH}/${uuid(1)}`, { 'Accept-Language': 'zh' });
    expect(unknown.error).toMatchObject({ code: 'NOT_FOUND', message: '定时计划不存在' });
  });

  it('refuses a task that would be refused as a new one', async () => {
    const { status, body } = await make({ task: { ...TASK, prompt: '…' } });
    expect([status, body.error.code]).toEqual([422, 'UNPROCESSABLE_ENTITY']);
    const { schedule_id: id } = await made();
    expect((await change(id, { task: { ...TASK, prompt: '…' } })).status).toBe(422);
    expect((await change(id, { task: { prompt: 'x' } })).status).toBe(400);
  });

  it('has a name once', async () => {
    await made();
    const { status, body } = await make();
    expect([status, body.error]).toMatchObject([
      ...[409, { code: 'CONFLICT', details: { code: 'NAME_TAKEN', name: 'nightly' } }],
    ]);
    const other = await made({ name: 'weekly' });
    expect((await change(other.schedule_id, { name: 'nightly' })).status).toBe(409);
  });

  it('is made once under one idempotency key', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const first = await make({}, headers);
    const second = await make({}, headers);
    expect([second.status, second.body.data]).toEqual([201, first.body.data]);
    expect(second.headers.get('Idempotency-Replayed')).toBe('true');
    expect((await make({ name: 'other' }, headers)).status).toBe(422);
  });

  it('makes its task, which tells where it comes from', async () => {
    const { schedule_id: id } = await made();
    await pass(DAY_MS - 9 * 3_600_000);
    const [task] = await tasks();
    expect(task).toMatchObject({ ...TASK, status: 'waiting', metadata: { created_by: 'schedule:nightly' } });
    expect(await read(id)).toMatchObject({
      ...{ last_task_id: task?.task_id, last_error: null, next_run_at: '2025-08-20T00:30:00.000Z' },
    });
    const { body } = await producer.get<{ history: readonly Json[] }>(
      `/api/v1/tasks/${String(task?.task_id)}/history`,
    );
    expect(body.data.history).toMatchObject([
      {
        type: 'task.created',
        details: { schedule_id: id, schedule: 'nightly', scheduled_at: '2025-08-19T00:30:00.000Z' },
      },
    ]);
  });

  it('comes by its new rhythm once that is changed, and is paused and goes on', async () => {
    const { schedule_id: id } = await made();
    const hourly = await change(id, { cron: '0 * * * *' });
    expect([hourly.status, hourly.body.data.next_run_at]).toEqual([200, '2025-08-18T11:00:00.000Z']);
    expect((await change(id, { interval_seconds: 60 })).body.data).toMatchObject({
      ...{ cron: null, interval_seconds: 60, next_run_at: '2025-08-18T10:01:00.000Z' },
    });
    expect((await change(id, { enabled: false })).body.data).toMatchObject({
      enabled: false,
      next_run_at: null,
    });
    await pass(600_000);
    expect(await tasks()).toEqual([]);
    expect((await change(id, { enabled: true })).body.data.next_run_at).toBe('2025-08-18T10:11:00.000Z');
    expect((await change(id, { colour: 1 })).status).toBe(400);
    expect((await change(uuid(1), { name: 'x' })).status).toBe(404);
  });

  it('makes no task any more once it is deleted', async () => {
    const { schedule_id: id } = await made();
    const { status, body } = await producer.send<Schedule>('DELETE', `${PATH}/${id}`);
    expect([status, body.data.schedule_id]).toEqual([200, id]);
    await pass(DAY_MS);
    expect(await tasks()).toEqual([]);
    expect((await producer.send('DELETE', `${PATH}/${id}`)).status).toBe(404);
    expect((await producer.get(`${PATH}/${id}`)).status).toBe(404);
    await made();
  });

  it('runs when somebody asks, also while it is paused, and once under one key', async () => {
    const { schedule_id: id } = await made({ enabled: false });
    const run = (key: string): Promise<ApiAnswer<Json>> =>
      producer.post<Json>(`${PATH}/${id}/run`, undefined, { 'Idempotency-Key': key });
    const first = await run('a');
    expect([first.status, first.body.data.work_directory]).toEqual([201, '/srv/reports']);
    expect((await run('a')).body.data).toEqual(first.body.data);
    expect((await run('b')).body.data.task_id).not.toBe(first.body.data.task_id);
    expect(await read(id)).toMatchObject({ next_run_at: null, enabled: false });
    expect((await producer.post(`${PATH}/${uuid(1)}/run`)).body.error).toMatchObject({
      ...{ code: 'NOT_FOUND', details: { schedule_id: uuid(1) } },
    });
  });

  it('tells that the queue is full, and comes when it is not any more', async () => {
    const { schedule_id: id } = await made({ cron: '0 * * * *' });
    for (let nth = 0; nth < 3; nth += 1) expect((await producer.post(`${PATH}/${id}/run`)).status).toBe(201);
    expect((await producer.post(`${PATH}/${id}/run`)).body.error.code).toBe('QUEUE_FULL');
    await pass(3_600_000);
    expect(await read(id)).toMatchObject({
      ...{ last_error: { code: 'QUEUE_FULL' }, next_run_at: '2025-08-18T11:00:00.000Z' },
    });
    expect((await read(id)).last_error).toMatchObject({ message: '3 tasks wait already' });
    const { body } = await producer.get(`${PATH}/${id}`, { 'Accept-Language': 'zh-CN' });
    expect(body.data.last_error).toMatchObject({ code: 'QUEUE_FULL', message: '任务队列已满' });
    await service.as('worker').get('/api/v1/tasks/next?work_path=/srv/reports');
    await pass(1_000);
    expect(await read(id)).toMatchObject({ last_error: null, next_run_at: '2025-08-18T12:00:00.000Z' });
    expect(await tasks()).toHaveLength(4);
  });

  it('lists schedules by name, page by page', async () => {
    for (const name of ['b', 'c', 'a']) await made({ name });
    const { body } = await producer.get<{ schedules: readonly Json[]; pagination: Json }>(
      `${PATH}?limit=2&offset=1`,
    );
    expect(body.data.schedules.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(body.data.pagination).toEqual({ total: 3, limit: 2, offset: 1, has_more: false });
    expect((await producer.get(`${PATH}?limit=0`)).status).toBe(400);
  });

  it('leaves a trace of who made, changed and deleted it', async () => {
    const { schedule_id: id } = await made();
    await change(id, { name: 'other', cron: '0 * * * *' });
    await change(id, { cron: 'x x x x x' });
    await producer.send('DELETE', `${PATH}/${id}`);
    const { body } = await service.as('admin').get<{ entries: readonly Json[] }>('/api/v1/audit');
    const told = body.data.entries.map(({ action, outcome, target, actor }) => [
      action,
      outcome,
      target,
      actor,
    ]);
    expect(told.reverse()).toEqual([
      ['schedule.create', 'done', id, 'producer-key'],
      ['schedule.change', 'done', id, 'producer-key'],
      ['schedule.change', 'refused', id, 'producer-key'],
      ['schedule.delete', 'done', id, 'producer-key'],
    ]);
  });

  it('lets no key be called as if it were a schedule', async () => {
    const { status } = await service
      .as('admin')
      .post('/api/v1/keys', { name: 'Schedule:x', roles: ['producer'] });
    expect(status).toBe(400);
  });
});
