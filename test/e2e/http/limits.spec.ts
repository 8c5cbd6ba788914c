import { fieldsIn, violationsIn, type ApiClient } from '../../support/api-client';
import { TestService } from './service';

const KIBI = 1024;
const GOOD = { work_directory: '/srv/project', prompt: 'write the release notes' };

/** A JSON object whose text has exactly so many bytes. */
function objectOf(bytes: number): object {
  return { x: 'y'.repeat(bytes - '{"x":""}'.length) };
}

/** An object in which objects stand so deep. */
function nested(depth: number): object {
  let value: object = {};
  for (let level = 1; level < depth; level += 1) value = { in: value };
  return value;
}

type Case = readonly [field: string, what: string, value: unknown];

const TAKEN: readonly Case[] = [
  ['work_directory', 'the root', '/'],
  ['work_directory', '512 characters', `/${'a'.repeat(511)}`],
  ['work_directory', '512 characters beyond the BMP', `/${'😀'.repeat(511)}`],
  ['work_directory', 'a Windows share', '\\\\server\\share\\project'],
  ['prompt', 'one character', 'a'],
  ['prompt', '10 000 letters', 'x'.repeat(10_000)],
  ['prompt', '10 000 emoji', `a${'😀'.repeat(9_999)}`],
  ['prompt', 'lines and tabs', 'one\n\ttwo\r\nthree'],
  ['priority', 'each of its names', 'low'],
  ['tags', '32 tags', Array.from({ length: 32 }, (_, index) => `t${index}`)],
  ['tags', 'a tag of 100 characters', ['é'.repeat(100)]],
  ['task_type', 'one character', 'x'],
  ['task_type', '64 characters', 'a'.repeat(64)],
  ['kb_id', '128 characters', 'k'.repeat(128)],
  ['payload', '256 KiB', objectOf(256 * KIBI)],
  ['payload', '64 deep', nested(64)],
  ['metadata', '16 KiB', objectOf(16 * KIBI)],
  ['max_retries', 'none', 0],
  ['max_retries', '100', 100],
  ['timeout_seconds', 'one second', 1],
  ['timeout_seconds', 'a week', 604_800],
  ['schedule_for', 'a date', '2030-01-01'],
  ['schedule_for', 'a leap day', '2028-02-29T00:00:00Z'],
];

const REFUSED: readonly Case[] = [
  ['work_directory', 'empty', ''],
  ['work_directory', 'a relative path', 'srv/project'],
  ['work_directory', '513 characters', `/${'a'.repeat(512)}`],
  ['work_directory', 'a line break', '/srv\n/project'],
  ['work_directory', 'NUL', '/srv\0'],
  ['work_directory', 'a number', 1],
  ['prompt', 'empty', ''],
  ['prompt', '10 001 letters', 'x'.repeat(10_001)],
  ['prompt', '10 001 emoji', '😀'.repeat(10_001)],
  ['prompt', 'NUL', 'a\0b'],
  ['prompt', 'a list', ['a']],
  ['priority', 'a number', 5],
  ['priority', 'another dialect’s name', 'critical'],
  ['priority', 'other letters', 'HIGH'],
  ['tags', '33 tags', Array.from({ length: 33 }, (_, index) => `t${index}`)],
  ['tags', 'text', 'a,b'],
  ['task_type', 'empty', ''],
  ['task_type', '65 characters', 'a'.repeat(65)],
  ['task_type', 'capitals', 'Agent'],
  ['kb_id', 'empty', ''],
  ['kb_id', '129 characters', 'k'.repeat(129)],
  ['payload', 'a byte over 256 KiB', objectOf(256 * KIBI + 1)],
  ['payload', '65 deep', nested(65)],
  ['payload', 'a list', [1]],
  ['payload', 'text', '{}'],
  ['metadata', 'a byte over 16 KiB', objectOf(16 * KIBI + 1)],
  ['max_retries', 'negative', -1],
  ['max_retries', '101', 101],
  ['max_retries', 'a fraction', 1.5],
  ['max_retries', 'text', '3'],
  ['max_retries', 'more than a number holds', 1e20],
  ['timeout_seconds', '0', 0],
  ['timeout_seconds', 'more than a week', 604_801],
  ['auto_retry', 'text', 'false'],
  ['auto_retry', 'a number', 1],
  ['schedule_for', 'no time', 'tomorrow'],
  ['schedule_for', 'no such day', '2025-02-30T00:00:00Z'],
  ['schedule_for', 'a number', 1_755_511_200_000],
];

const FIELDS = [...new Set(REFUSED.map(([field]) => field))];

describe('the limits of a new task', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterAll(() => service.close());

  const stored = async (): Promise<unknown> => {
    const { body } = await admin.get<{ pagination: { total: number } }>('/api/v1/tasks?limit=1');
    return body.data.pagination.total;
  };

  it.each(TAKEN)('takes %s: %s', async (field, _what, value) => {
    const { status, body } = await admin.post('/api/v1/tasks', { ...GOOD, [field]: value });
    expect(status).toBe(201);
    const expected = field === 'schedule_for' ? expect.any(String) : value;
    const task = await admin.readTask(body.data.task_id);
    expect(field === 'metadata' ? task.metadata : task).toMatchObject(
      field === 'metadata' ? (value as object) : { [field]: expected },
    );
  });

  it.each(REFUSED)('refuses %s: %s, names the field, and stores nothing', async (field, _what, value) => {
    const before = await stored();
    const answer = await admin.post('/api/v1/tasks', { ...GOOD, [field]: value });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(fieldsIn(answer)).toEqual([field]);
    expect(await stored()).toBe(before);
  });

  it.each(FIELDS)('does not take null for an absent %s', async (field) => {
    const answer = await admin.post('/api/v1/tasks', { ...GOOD, [field]: null });
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer)).toEqual([field]);
  });

  it('refuses half a character that only an escape can write', async () => {
    const raw = String.raw`{"work_directory":"/srv","prompt":"a\ud800b"}`;
    const answer = await admin.send('POST', '/api/v1/tasks', { raw });
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer)).toEqual(['prompt']);
  });

  it.each([
    ['an object', { ...GOOD, payload: nested(100) }],
    ['a list', { tasks: [{ ...GOOD, payload: nested(2_000) }] }],
  ])('does not look into a body that is too deep for any field: %s', async (_what, body) => {
    const answer = await admin.post('tasks' in body ? '/api/v1/tasks/batch' : '/api/v1/tasks', body);
    expect(answer.status).toBe(400);
    expect(violationsIn(answer)).toEqual([
      { field: 'body', reason: 'must not be nested deeper than 100', constraints: { max_depth: 100 } },
    ]);
  });

  it('points to the element of a list', async () => {
    const answer = await admin.post('/api/v1/tasks', {
      ...GOOD,
      tags: ['fine', '', 'x'.repeat(101), 7, 'a\u0007'],
    });
    expect(fieldsIn(answer)).toEqual(['tags[1]', 'tags[2]', 'tags[3]', 'tags[4]']);
  });

  it('names every wrong field at once, with the figures of its limit', async () => {
    const answer = await admin.post('/api/v1/tasks', {
      prompt: 'x'.repeat(10_001),
      priority: 'urgent',
      colour: 'red',
    });
    expect(violationsIn(answer)).toEqual([
      { field: 'colour', reason: 'is not a known field', constraints: {} },
      { field: 'work_directory', reason: 'is required', constraints: {} },
      {
        field: 'prompt',
        reason: 'must be at most 10000 characters long',
        constraints: { min_length: 1, max_length: 10_000 },
      },
      {
        field: 'priority',
        reason: 'must be one of: low, medium, high',
        constraints: { allowed: ['low', 'medium', 'high'] },
      },
    ]);
  });

  it('answers a body of nothing but unknown fields with a hundred of them', async () => {
    const body = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`f${index}${'x'.repeat(300)}`, 1]),
    );
    const answer = await admin.post('/api/v1/tasks', body);
    expect(answer.status).toBe(400);
    expect(violationsIn(answer)).toHaveLength(100);
    expect(answer.text.length).toBeLessThan(30_000);
  });
});

describe('the limits of a worker’s words', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterAll(() => service.close());

  const finish = async (
    verb: 'complete' | 'fail',
    body: object,
  ): Promise<Awaited<ReturnType<ApiClient['post']>>> => {
    await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    return admin.post(`/api/v1/tasks/${id}/${verb}`, body);
  };

  it.each([
    ['complete', 'a result of 1 MiB', { result: objectOf(KIBI * KIBI) }],
    ['complete', 'a result 64 deep', { result: nested(64) }],
    ['fail', 'an error message of 10 000 characters', { error_message: '错'.repeat(10_000) }],
  ] as const)('%s takes %s', async (verb, _what, body) => {
    expect((await finish(verb, body)).status).toBe(200);
  });

  it.each([
    ['complete', 'result', { result: objectOf(KIBI * KIBI + 1) }],
    ['complete', 'result', { result: nested(65) }],
    ['complete', 'result', { result: 'text' }],
    ['complete', 'status', { status: 'done' }],
    ['complete', 'original_prompt', { original_prompt: 'x'.repeat(10_001) }],
    ['complete', 'lease_token', { lease_token: '' }],
    ['complete', 'worker_id', { worker_id: 'w'.repeat(101) }],
    ['fail', 'error_message', {}],
    ['fail', 'error_message', { error_message: '' }],
    ['fail', 'error_message', { error_message: 'x'.repeat(10_001) }],
    ['fail', 'retryable', { error_message: 'x', retryable: 'no' }],
  ] as const)('%s refuses a wrong %s, and the task stays in work', async (verb, field, body) => {
    const answer = await finish(verb, body);
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer)).toEqual([field]);
    const working = await admin.get<{ pagination: { total: number } }>('/api/v1/tasks?status=working');
    expect(working.body.data.pagination.total).toBeGreaterThan(0);
  });
});
