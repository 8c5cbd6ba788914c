import { uuid } from '../../support/counted-ids';
import { McpClient } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { NEW } from './asking';

interface Handle {
  readonly resultType: string;
  readonly taskId: string;
  readonly status: string;
  readonly statusMessage: string;
  readonly ttlMs: number | null;
  readonly pollIntervalMs: number;
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: object };
}

const FOLLOWS = { followsTasks: true };

describe('following a task by its handle', () => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin');
  });
  afterEach(() => service.close());

  async function run(): Promise<Handle> {
    const { body } = await mcp.send<Handle>('tools/call', { name: 'task_run', arguments: NEW }, FOLLOWS);
    if (body.result === undefined) throw new Error('no handle');
    return body.result;
  }
  async function get(taskId: string): Promise<Handle | undefined> {
    return (await mcp.send<Handle>('tasks/get', { taskId }, FOLLOWS)).body.result;
  }

  it('task_run answers at once, and the handle is the task of the queue', async () => {
    const handle = await run();

    expect(handle).toMatchObject({
      resultType: 'task',
      status: 'working',
      ttlMs: null,
      pollIntervalMs: 2_000,
    });
    expect(handle).not.toHaveProperty('result');
    expect(await service.as('reader').readTask(handle.taskId)).toMatchObject({ status: 'waiting', ...NEW });
  });

  it('shows how far it is, and then its result', async () => {
    const { taskId } = await run();
    const { task_id, lease_token } = await mcp.ask('task_claim');
    await mcp.ask('task_heartbeat', { task_id, lease_token, progress: 40, message: 'reading' });
    expect(await get(taskId)).toMatchObject({ status: 'working', statusMessage: 'working, 40 %: reading' });

    await mcp.ask('task_complete', { task_id, lease_token, result: { pages: 3 } });
    expect(await get(taskId)).toMatchObject({
      resultType: 'complete',
      status: 'completed',
      result: { resultType: 'complete', structuredContent: { status: 'completed', result: { pages: 3 } } },
    });
  });

  it('a task that failed is completed, with a result that says so', async () => {
    const { taskId } = await run();
    const { task_id, lease_token } = await mcp.ask('task_claim');
    await mcp.ask('task_fail', { task_id, lease_token, error_message: 'no disk' });

    expect(await get(taskId)).toMatchObject({
      status: 'completed',
      result: { isError: true, structuredContent: { error_message: 'no disk' } },
    });
  });

  it('is cancelled, worked on or not, as often as somebody likes', async () => {
    const { taskId } = await run();
    await mcp.ask('task_claim');
    const acks = [
      await mcp.send<object>('tasks/cancel', { taskId }, FOLLOWS),
      await mcp.send<object>('tasks/cancel', { taskId }, FOLLOWS),
    ];
    for (const { body } of acks)
      expect(Object.keys(body.result ?? {}).sort()).toEqual(['_meta', 'resultType']);

    expect(await get(taskId)).toMatchObject({ status: 'cancelled' });
    expect(await service.as('reader').readTask(taskId)).toMatchObject({ status: 'cancelled' });
  });

  it('asks for nothing: what it is told is taken, and changes nothing', async () => {
    const { taskId } = await run();
    const { body } = await mcp.send(
      'tasks/update',
      { taskId, inputResponses: { any: { action: 'accept' } } },
      FOLLOWS,
    );

    expect(body.result).toMatchObject({ resultType: 'complete' });
    expect(await get(taskId)).toMatchObject({ status: 'working' });
  });

  it('that nobody knows is refused', async () => {
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { body } = await mcp.send(method, { taskId: uuid(99) }, FOLLOWS);
      expect(body.error?.code).toBe(-32_602);
    }
  });

  it('is read by readers, and cancelled by producers only', async () => {
    const { taskId } = await run();
    const reader = new McpClient(service.baseUrl, 'reader');

    expect((await reader.send('tasks/get', { taskId }, FOLLOWS)).body.result).toMatchObject({
      status: 'working',
    });
    const { body } = await reader.send('tasks/cancel', { taskId }, FOLLOWS);
    expect(body.error?.data).toMatchObject({ code: 'FORBIDDEN', details: { required_role: 'producer' } });
    expect(await get(taskId)).toMatchObject({ status: 'working' });
  });

  it('is for clients only that say that they follow tasks', async () => {
    const { taskId } = await run();
    const { status, body } = await mcp.send('tasks/get', { taskId });

    expect([status, body.error?.code]).toEqual([400, -32_021]);
    expect(await mcp.ask('task_run', { ...NEW, wait: 0 })).toMatchObject({ status: 'waiting' });
  });
});
