import { eventually } from '../../support/eventually';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { NEW } from './asking';

describe.each<Era>(['modern', 'legacy'])('waiting over /mcp (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin', era);
  });
  afterEach(() => service.close());

  const isWaiting = (): Promise<unknown> =>
    eventually(() => Promise.resolve(service.core.waiting.count || null));

  it('a claim waits for work, and gets it when it comes', async () => {
    const claim = mcp.ask('task_claim', { wait: 20 });
    await isWaiting();
    const { task_id } = await mcp.ask('task_create', NEW);

    expect(await claim).toMatchObject({ claimed: true, task_id });
  });

  it('waits no longer than 25 s', async () => {
    expect(await mcp.refusal('task_claim', { wait: 26 })).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it.each([
    ['', {}],
    [', whatever key its transport made up', { 'Idempotency-Key': 'of-the-transport' }],
  ])('claims nothing for a client that has gone%s', async (_what, headers) => {
    const gone = new AbortController();
    const claim = mcp.call('task_claim', { wait: 20 }, { signal: gone.signal, headers });
    await isWaiting();
    gone.abort();
    await expect(claim).rejects.toThrow();
    await eventually(() => Promise.resolve(service.core.waiting.count === 0 || null));

    const { task_id } = await mcp.ask<{ task_id: string }>('task_create', NEW);
    await eventually(async () => {
      const { status } = await service.as('reader').readTask(task_id);
      return status === 'waiting' ? status : null;
    });
    expect(await mcp.ask('task_claim')).toMatchObject({ claimed: true, task_id });
  });

  it('task_run waits for the result', async () => {
    const run = mcp.call('task_run', NEW);
    const worker = new McpClient(service.baseUrl, 'worker', era);
    const { task_id, lease_token } = await worker.ask('task_claim', { wait: 20 });
    await worker.ask('task_complete', { task_id, lease_token, result: { answer: 42 } });

    expect((await run).structuredContent).toEqual({ task_id, status: 'completed', result: { answer: 42 } });
  });

  it('task_run says that a task failed, as an error with its reason', async () => {
    const run = mcp.call('task_run', NEW);
    const { task_id, lease_token } = await mcp.ask('task_claim', { wait: 20 });
    await mcp.ask('task_fail', { task_id, lease_token, error_message: 'no disk' });

    expect(await run).toMatchObject({
      isError: true,
      structuredContent: {
        task_id,
        status: 'failed',
        error_message: 'no disk',
        next: expect.stringContaining('task_retry'),
      },
    });
  });

  it('task_run gives the id of what takes longer', async () => {
    expect(await mcp.ask('task_run', { ...NEW, wait: 0 })).toMatchObject({
      task_id: expect.any(String),
      status: 'waiting',
      next: expect.stringContaining('task_get'),
    });
  });
});
