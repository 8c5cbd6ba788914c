import type { ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { TestService } from './service';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

describe('POST /api/v1/tasks', () => {
  let service: TestService;
  let producer: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    producer = service.as('producer');
  });
  afterAll(() => service.close());

  it('answers 201 with what the document shows, in its order', async () => {
    const { status, body, headers } = await producer.post('/api/v1/tasks', {
      work_directory: '/home/user/project',
      prompt: '请分析这个代码库中的性能问题，并提出优化建议',
      priority: 'high',
      tags: ['performance', 'analysis'],
    });
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(body)).toEqual(['success', 'data', 'error', 'timestamp']);
    expect(body).toEqual({
      success: true,
      data: {
        task_id: expect.stringMatching(UUID_V4),
        status: 'waiting',
        priority: 'high',
        work_directory: '/home/user/project',
        tags: ['performance', 'analysis'],
        created_at: new Date(NOW).toISOString(),
      },
      error: null,
      timestamp: expect.stringMatching(ISO),
    });
  });

  it('fills what was left out with the documented defaults', async () => {
    const { task_id: id } = await producer.createTask();
    expect(await producer.readTask(id)).toMatchObject({
      priority: 'medium',
      tags: [],
      task_type: 'agent_prompt',
      kb_id: null,
      payload: null,
      max_retries: 3,
      timeout_seconds: null,
      auto_retry: false,
      schedule_for: null,
      metadata: { created_by: 'producer-key', updated_by: 'producer-key' },
    });
  });

  it('keeps every field that can be given', async () => {
    const given = {
      work_directory: 'C:\\projects\\one',
      prompt: 'Ünïcode ✓ 🎉',
      priority: 'low',
      tags: ['a', 'b'],
      task_type: 'video.render_4k',
      kb_id: 'kb-7',
      payload: { deep: [{ er: null }], number: 1.5 },
      max_retries: 0,
      timeout_seconds: 60,
      auto_retry: true,
    };
    const { task_id: id } = await producer.createTask({ ...given, metadata: { team: 'x' } });
    expect(await producer.readTask(id)).toMatchObject({ ...given, metadata: { team: 'x' } });
  });

  it('takes a time in any offset, and hands the task to nobody before it', async () => {
    const local = await TestService.start();
    const admin = local.as('admin');
    const { task_id: id } = await admin.createTask({ schedule_for: '2025-08-18T18:30:00+08:00' });
    expect(await admin.readTask(id)).toMatchObject({ schedule_for: '2025-08-18T10:30:00.000Z' });
    expect((await admin.get('/api/v1/tasks/next?work_path=/srv/project')).body.data).toBeNull();
    await local.close();
  });

  it('keeps keys of free JSON that are dangerous elsewhere, and is not harmed by them', async () => {
    const payload = '{"__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":"x","toString":null}';
    const raw = `{"work_directory":"/srv","prompt":"read this","payload":${payload}}`;
    const { body } = await producer.send('POST', '/api/v1/tasks', { raw });
    const { text } = await producer.get(`/api/v1/tasks/${body.data.task_id}`);
    expect(text).toContain(`"payload":${payload}`);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses a dangerous key among the fields by its name', async () => {
    const raw =
      '{"work_directory":"/srv","prompt":"read this","__proto__":{"priority":"high"},"constructor":1}';
    const { status, body } = await producer.send('POST', '/api/v1/tasks', { raw });
    expect(status).toBe(400);
    expect(body.error.details).toMatchObject([{ field: '__proto__' }, { field: 'constructor' }]);
  });

  it.each(['...', '？！', ' \n\t '])('answers 422 to a prompt that says nothing: %j', async (prompt) => {
    const { status, body } = await producer.post('/api/v1/tasks', { work_directory: '/srv', prompt });
    expect([status, body.error.code]).toEqual([422, 'UNPROCESSABLE_ENTITY']);
  });

  it('answers 422 to a prompt of too few words, with the figures', async () => {
    const strict = await TestService.start({ policy: { promptMinWords: 3 } });
    const { status, body } = await strict
      .as('admin')
      .post('/api/v1/tasks', { work_directory: '/srv', prompt: 'do it' });
    expect([status, body.error.details]).toEqual([422, { words: 2, required: 3 }]);
    await strict.close();
  });

  it('answers 503 QUEUE_FULL with Retry-After when as many wait as may', async () => {
    const small = await TestService.start({ policy: { maxWaiting: 1 } });
    await small.as('admin').createTask();
    const { status, body, headers } = await small
      .as('admin')
      .post('/api/v1/tasks', { work_directory: '/srv', prompt: 'one more' });
    expect([status, body.error.code]).toEqual([503, 'QUEUE_FULL']);
    expect(body.error.details).toMatchObject({ max_waiting: 1 });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await small.close();
  });
});
