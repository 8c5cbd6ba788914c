import type { ApiClient } from '../../support/api-client';
import { ManualTimers } from '../../support/manual-timers';
import { McpClient } from '../../support/mcp-client';
import { ToldMemory } from '../../support/told-memory';
import { taskManagerOf } from '../task-manager/clients';
import { TestService } from './service';

const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };
const OF_KB = { task_type: 'document_processing', kb_id: 'kb_1', payload: {} };

describe('while memory is short', () => {
  let memory: ToldMemory;
  let timers: ManualTimers;
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    memory = new ToldMemory();
    timers = new ManualTimers();
    service = await TestService.start({ memory, timers });
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const fill = async (share: number): Promise<void> => {
    memory.fill(share);
    await timers.advance(200);
  };

  it.each([
    ['POST', '/api/v1/tasks', NEW],
    ['POST', '/api/v1/tasks/batch', { tasks: [NEW] }],
    ['GET', '/api/v1/tasks', undefined],
    ['GET', '/api/v1/tasks?status=waiting&limit=1', undefined],
    ['GET', '/api/v1/statistics', undefined],
  ])('%s %s is refused, and says when to come back', async (method, path, body) => {
    await fill(0.86);
    const answer = await admin.send(method, path, { body });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.body).toMatchObject({
      success: false,
      error: { code: 'OVERLOADED', details: { retry_after_seconds: 5 } },
    });
  });

  it.each([
    ['POST', '/api/v1/tasks', OF_KB],
    ['POST', '/api/v1/tasks/batch', [OF_KB]],
    ['GET', '/api/v1/tasks', undefined],
    ['GET', '/api/v1/stats/tasks', undefined],
    ['GET', '/api/v1/stats/system', undefined],
  ])('the task manager refuses %s %s in its own words', async (method, path, body) => {
    await fill(0.86);
    const { status, headers, failure } = await taskManagerOf(service, 'admin').send(method, path, body);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(failure).toMatchObject({ code: 'OVERLOADED', error: 'Service overloaded' });
  });

  it('the door of tasks that the service runs says when to come back too', async () => {
    await fill(0.86);
    const { status, headers, body } = await admin.post('/tasks', { task_type: 'echo', description: 'hello' });
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toEqual({ detail: expect.stringContaining('Memory is short') });
  });

  it.each([
    ['task_create', NEW],
    ['task_run', NEW],
    ['task_list', {}],
  ])('the tool %s tells its model to repeat the call later', async (tool, given) => {
    await fill(0.86);
    const told = await new McpClient(service.baseUrl, 'admin').refusal(tool, given);
    expect(told).toMatchObject({ code: 'OVERLOADED', details: { retry_after_seconds: 5 } });
    expect(told.next).toContain('retry_after_seconds');
  });

  it('says so in Chinese too', async () => {
    await fill(0.86);
    const { body } = await admin.post('/api/v1/tasks', NEW, { 'Accept-Language': 'zh' });
    expect(body.error.message).toContain('内存不足');
  });

  it('work on tasks that are there goes on, as do keys, settings and metrics', async () => {
    for (let count = 0; count < 3; count += 1) await admin.createTask();
    await fill(0.99);
    const { task_id, lease_token } = await admin.claimTask();
    const statuses = await Promise.all([
      admin.post(`/api/v1/tasks/${task_id}/heartbeat`, { lease_token }),
      admin.get(`/api/v1/tasks/${task_id}`),
      admin.get('/api/v1/keys'),
      admin.get('/api/v1/config'),
      admin.get('/metrics'),
      admin.post('/api/v1/tasks/claim', { limit: 1 }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const { status } = await admin.post(`/api/v1/tasks/${task_id}/complete`, { lease_token });
    expect(status).toBe(200);
    const agent = new McpClient(service.baseUrl, 'admin');
    expect((await agent.call('task_claim', { work_path: NEW.work_directory })).isError).not.toBe(true);
    expect((await agent.call('queue_status')).isError).not.toBe(true);
  });

  it('the service is degraded, not unhealthy', async () => {
    await fill(0.5);
    expect(await healthOf(admin)).toMatchObject({
      status: 200,
      health: { status: 'healthy', components: { memory: { status: 'healthy', healthy: true } } },
    });
    await fill(0.87);
    const message = '87 % of it is in use: new tasks, lists and statistics are refused';
    expect(await healthOf(admin)).toMatchObject({
      status: 200,
      health: {
        status: 'degraded',
        components: { memory: { status: 'degraded', healthy: false, message } },
      },
    });
  });

  it('new work is taken again as soon as there is memory', async () => {
    await fill(0.86);
    expect((await admin.post('/api/v1/tasks', NEW)).status).toBe(503);
    await fill(0.6);
    expect((await admin.post('/api/v1/tasks', NEW)).status).toBe(201);
    expect((await admin.get('/api/v1/tasks')).status).toBe(200);
  });

  it('the operator decides where that begins', async () => {
    await service.close();
    service = await TestService.start({ memory, timers, policy: { maxMemoryShare: 1 } });
    await fill(0.99);
    expect((await service.as('admin').post('/api/v1/tasks', NEW)).status).toBe(201);
  });
});

async function healthOf(client: ApiClient): Promise<object> {
  const { status, text } = await client.get('/health');
  return { status, health: JSON.parse(text) as unknown };
}
