import { uuid } from '../../support/counted-ids';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { claim, create, held, NEW } from './asking';

describe.each<Era>(['modern', 'legacy'])('calling the tools (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin', era);
  });
  afterEach(() => service.close());

  it('create, claim, heartbeat and complete are what REST then shows', async () => {
    const { task_id } = await create(mcp, { priority: 'high', tags: ['docs'], payload: { branch: 'main' } });
    const task = await claim(mcp);
    expect(task).toMatchObject({
      claimed: true,
      task_id,
      ...NEW,
      priority: 'high',
      payload: { branch: 'main' },
    });
    expect(await mcp.ask('task_heartbeat', { ...held(task), progress: 40, message: 'half' })).toMatchObject({
      task_id,
      status: 'working',
      progress: 40,
      progress_message: 'half',
    });
    expect(await mcp.ask('task_complete', { ...held(task), result: { notes: 'done' } })).toMatchObject({
      task_id,
      status: 'completed',
    });

    expect(await service.as('reader').readTask(task_id)).toMatchObject({
      status: 'completed',
      worker_id: 'agent-1',
      result: { notes: 'done' },
      metadata: { created_by: 'admin-key' },
    });
    expect(await mcp.ask('task_get', { task_id })).toMatchObject({
      status: 'completed',
      result: { notes: 'done' },
    });
  });

  it('every answer is the same as structured content and as text', async () => {
    const { content, structuredContent } = await mcp.call('task_create', NEW);

    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  });

  it('many tasks are filed together, or none of them', async () => {
    const { task_ids, count } = await mcp.ask<{ task_ids: string[]; count: number }>('task_create', {
      tasks: [NEW, { ...NEW, prompt: 'tag the release' }],
    });
    expect([task_ids.length, count]).toEqual([2, 2]);

    const refusal = await mcp.refusal('task_create', { tasks: [NEW, { prompt: 'no directory' }] });
    expect(refusal).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: 'tasks[1].work_directory', reason: 'is required' }],
    });
    expect(await mcp.ask('queue_status')).toMatchObject({ waiting: 2 });
  });

  it('one task and many at once are refused', async () => {
    expect(await mcp.refusal('task_create', { ...NEW, tasks: [NEW] })).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });

  it('arguments that are wrong are all named, with what to do', async () => {
    const refusal = await mcp.refusal('task_create', {
      work_directory: 'here',
      priority: 'soon',
      colour: 'red',
    });

    expect(refusal).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'The request is not valid',
      next: 'Correct the fields in details and call again.',
    });
    const fields = (refusal.details as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['colour', 'priority', 'prompt', 'work_directory']);
  });

  it('refusals of the queue have its stable codes, and the next step', async () => {
    const { task_id } = await create(mcp);
    const task = await claim(mcp);
    const wrong = { task_id, lease_token: 'somebody-elses' };

    expect(await mcp.refusal('task_complete', wrong)).toMatchObject({
      code: 'CONFLICT',
      details: { code: 'LEASE_LOST', status: 'working' },
      next: expect.stringContaining('task_claim'),
    });
    expect(await mcp.refusal('task_cancel', { task_id })).toMatchObject({
      details: { code: 'NOT_WAITING' },
      next: expect.stringContaining('force'),
    });
    expect(await mcp.refusal('task_get', { task_id: uuid(99) })).toMatchObject({ code: 'NOT_FOUND' });
    await mcp.ask('task_cancel', { task_id, force: true, reason: 'not wanted' });
    expect(await mcp.refusal('task_heartbeat', held(task))).toMatchObject({ details: { code: 'CANCELLED' } });
  });

  it('words refusals in Chinese when the client says so', async () => {
    const headers = { 'Accept-Language': 'zh' };
    const refusal = await mcp.refusal('task_get', { task_id: uuid(99) }, { headers });

    expect(refusal).toMatchObject({ code: 'NOT_FOUND', message: '任务不存在' });
    expect(refusal.next).toContain('task_list');
  });

  it('a failed task can be retried, and a task can be given back', async () => {
    const { task_id } = await create(mcp);
    const first = await claim(mcp);
    expect(await mcp.ask('task_release', { ...held(first), reason: 'shift ends' })).toMatchObject({
      status: 'waiting',
    });
    const second = await claim(mcp);
    expect(await mcp.ask('task_fail', { ...held(second), error_message: 'no access' })).toMatchObject({
      status: 'failed',
    });
    expect(await mcp.ask('task_get', { task_id })).toMatchObject({
      status: 'failed',
      error_message: 'no access',
      attempt: 2,
    });
    expect(await mcp.ask('task_retry', { task_id })).toMatchObject({ status: 'waiting', retry_count: 1 });
  });

  describe('repeating a call', () => {
    it.each(['task_create', 'task_run'])('%s with its key does nothing again', async (tool) => {
      const given = { ...NEW, idempotency_key: 'k-1', ...(tool === 'task_run' && { wait: 0 }) };
      const first = await mcp.call(tool, given);
      const again = await mcp.call(tool, given);

      expect(again.structuredContent).toMatchObject({ task_id: first.structuredContent?.task_id });
      expect([first._meta?.idempotency_replayed, again._meta?.idempotency_replayed]).toEqual([
        undefined,
        true,
      ]);
      expect(await mcp.ask('queue_status')).toMatchObject({ waiting: 1 });
    });

    it('in another order of its arguments is the same call', async () => {
      await mcp.ask('task_create', { ...NEW, payload: { a: 1, b: 2 }, idempotency_key: 'k-1' });
      const again = {
        idempotency_key: 'k-1',
        payload: { b: 2, a: 1 },
        prompt: NEW.prompt,
        work_directory: NEW.work_directory,
      };

      await mcp.ask('task_create', again);
      expect(await mcp.ask('queue_status')).toMatchObject({ waiting: 1 });
    });

    it('with other arguments under the same key is refused', async () => {
      await create(mcp, { idempotency_key: 'k-1' });

      expect(
        await mcp.refusal('task_create', { ...NEW, prompt: 'else', idempotency_key: 'k-1' }),
      ).toMatchObject({
        code: 'UNPROCESSABLE_ENTITY',
        details: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    });

    it('a claim with its key gets the same task, and a completion with its token the same answer', async () => {
      await create(mcp);
      await create(mcp);
      const first = await claim(mcp, { idempotency_key: 'k-2' });
      expect(await claim(mcp, { idempotency_key: 'k-2' })).toMatchObject(held(first));

      const ended = await mcp.ask('task_complete', held(first));
      expect(await mcp.ask('task_complete', held(first))).toEqual(ended);
      expect(await mcp.ask('queue_status')).toMatchObject({ waiting: 1, working: 0, completed: 1 });
    });

    it('takes the key of the transport where the client names none', async () => {
      const headers = { 'Idempotency-Key': 'of-the-transport' };
      const first = await mcp.ask('task_create', NEW, { headers });

      expect(await mcp.ask('task_create', NEW, { headers })).toEqual(first);
    });
  });
});
