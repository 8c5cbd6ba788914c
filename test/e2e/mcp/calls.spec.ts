import { uuid } from '../../support/counted-ids';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';

interface Filed {
  readonly task_id: string;
  readonly status: string;
}
interface Claimed extends Filed {
  readonly claimed: boolean;
  readonly lease_token: string;
  readonly prompt: string;
}
interface Listed {
  readonly tasks: readonly { readonly task_id: string; readonly prompt: string }[];
  readonly total: number;
  readonly next_cursor?: string;
}
interface Cut {
  readonly field: string;
  readonly characters: number;
  readonly next_cursor: string;
}

const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };

describe.each<Era>(['modern', 'legacy'])('calling the tools (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin', era);
  });
  afterEach(() => service.close());

  const create = (changes: object = {}): Promise<Filed> => mcp.ask('task_create', { ...NEW, ...changes });
  const claim = (changes: object = {}): Promise<Claimed> =>
    mcp.ask('task_claim', { work_path: NEW.work_directory, worker_id: 'agent-1', ...changes });
  const held = ({ task_id, lease_token }: Claimed): object => ({ task_id, lease_token });

  it('create, claim, heartbeat and complete are what REST then shows', async () => {
    const { task_id } = await create({ priority: 'high', tags: ['docs'], payload: { branch: 'main' } });
    const task = await claim();
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
    const { task_id } = await create();
    const task = await claim();
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
    const { task_id } = await create();
    const first = await claim();
    expect(await mcp.ask('task_release', { ...held(first), reason: 'shift ends' })).toMatchObject({
      status: 'waiting',
    });
    const second = await claim();
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
      await create({ idempotency_key: 'k-1' });

      expect(
        await mcp.refusal('task_create', { ...NEW, prompt: 'else', idempotency_key: 'k-1' }),
      ).toMatchObject({
        code: 'UNPROCESSABLE_ENTITY',
        details: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    });

    it('a claim with its key gets the same task, and a completion with its token the same answer', async () => {
      await create();
      await create();
      const first = await claim({ idempotency_key: 'k-2' });
      expect(await claim({ idempotency_key: 'k-2' })).toMatchObject(held(first));

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

  describe('why a claim finds nothing', () => {
    const why = (given: object = {}): Promise<Record<string, unknown>> => mcp.ask('queue_status', given);

    it('because nothing waits', async () => {
      expect(await claim()).toMatchObject({ claimed: false, next: expect.stringContaining('queue_status') });
      expect(await why()).toMatchObject({ can_claim: false, why: expect.stringContaining('No task waits') });
    });

    it('because all of it is elsewhere', async () => {
      await create({ work_directory: '/srv/other', kb_id: 'kb-7' });
      expect(await why({ work_path: '/srv/project' })).toMatchObject({
        can_claim: false,
        why: expect.stringContaining('none matches'),
        waiting_elsewhere: [{ work_directory: '/srv/other', task_type: 'agent_prompt', kb_id: 'kb-7' }],
      });
      expect(await why({ work_path: '/srv', recursive: true })).toMatchObject({ can_claim: true });
      expect(await why({ task_types: ['build', 'agent_prompt'] })).toMatchObject({ can_claim: true });
      expect(await why({ work_path: '/srv/oth', recursive: true })).toMatchObject({ can_claim: false });
    });

    it('because it is scheduled for later', async () => {
      await create({ schedule_for: '2031-01-01T00:00:00Z' });
      expect(await why()).toMatchObject({
        can_claim: false,
        why: expect.stringContaining('scheduled'),
        next_due_at: '2031-01-01T00:00:00.000Z',
      });
    });

    it('because the key may not claim', async () => {
      await create();
      const reader = new McpClient(service.baseUrl, 'reader', era);
      expect(await reader.ask('queue_status')).toMatchObject({
        can_claim: false,
        why: expect.stringContaining('role'),
      });
    });
  });

  describe('lists', () => {
    it('are short rows, page by page, each task once', async () => {
      await mcp.ask('task_create', {
        tasks: Array.from({ length: 45 }, (_, index) => ({
          ...NEW,
          prompt: `Task ${index}. ${'x'.repeat(300)}`,
        })),
      });

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: Listed = await mcp.ask('task_list', cursor === undefined ? {} : { cursor });
        expect(page.total).toBe(45);
        expect(page.tasks.every(({ prompt }) => prompt.length <= 121)).toBe(true);
        seen.push(...page.tasks.map(({ task_id }) => task_id));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(45);
      expect(seen).toHaveLength(45);
    });

    it('narrow down as REST does', async () => {
      const { task_id } = await create({ tags: ['a', 'b'], priority: 'high', task_type: 'build' });
      await create();

      const found = async (given: object): Promise<string[]> =>
        (await mcp.ask<Listed>('task_list', given)).tasks.map((task) => task.task_id);
      expect(await found({ tags: ['a'], priority: 'high', task_type: 'build', status: 'waiting' })).toEqual([
        task_id,
      ]);
      expect(await found({ tags: ['a', 'z'] })).toEqual([]);
      expect(await found({ created_before: '2020-01-01' })).toEqual([]);
      expect(await mcp.refusal('task_list', { cursor: 'nonsense' })).toMatchObject({
        code: 'VALIDATION_ERROR',
      });
    });
  });

  describe('answers that would be long', () => {
    const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

    it('are cut, with a link to the whole and the cursor of the rest', async () => {
      const prompt = `${'字"\\'.repeat(3_300)}。`;
      await create({ prompt, payload: { numbers: 'n'.repeat(50_000) } });
      const result = await mcp.call('task_claim', {});
      const { task_id, cut } = result.structuredContent as unknown as Claimed & { cut: Cut[] };

      expect(bytes(result)).toBeLessThanOrEqual(20_000);
      expect(result.content[1]).toMatchObject({ type: 'resource_link', uri: `task://${task_id}` });
      expect(cut.map(({ field }) => field).sort()).toEqual(['payload', 'prompt']);
      const cutPrompt = cut.find(({ field }) => field === 'prompt');
      expect(cutPrompt?.characters).toBe(9_901);

      let text = (result.structuredContent?.prompt ?? '') as string;
      for (let cursor = cutPrompt?.next_cursor; cursor !== undefined;) {
        const part = await mcp.call('task_get', { task_id, cursor });
        expect(bytes(part)).toBeLessThanOrEqual(20_000);
        const { text: more, next_cursor } = part.structuredContent as { text: string; next_cursor?: string };
        text += more;
        cursor = next_cursor;
      }
      expect(text).toBe(prompt);
    });

    it('go on only with fields that a task has', async () => {
      const { task_id } = await create();

      for (const cursor of ['constructor:0', 'nothing:0'])
        expect(await mcp.refusal('task_get', { task_id, cursor })).toMatchObject({
          code: 'VALIDATION_ERROR',
        });
    });

    it('are left whole when they fit', async () => {
      await create({ prompt: 'p'.repeat(9_000) });
      const { structuredContent } = await mcp.call('task_claim', {});

      expect(structuredContent).toMatchObject({ prompt: 'p'.repeat(9_000) });
      expect(structuredContent).not.toHaveProperty('cut');
    });

    it('are shorter pages, in lists of everything', async () => {
      await mcp.ask('task_create', {
        tasks: Array.from({ length: 30 }, () => ({ ...NEW, prompt: 'p'.repeat(2_000) })),
      });
      const seen = new Set<string>();
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const given = { detail: 'full', limit: 100, ...(cursor !== '' && { cursor }) };
        const result = await mcp.call('task_list', given);
        expect(bytes(result)).toBeLessThanOrEqual(20_000);
        const page = result.structuredContent as unknown as Listed;
        expect(page.tasks.length).toBeGreaterThan(0);
        page.tasks.forEach(({ task_id }) => seen.add(task_id));
        cursor = page.next_cursor;
      }
      expect(seen.size).toBe(30);
    });

    it('have everything with detail full, and little without', async () => {
      const { task_id } = await create({ metadata: { team: 'docs' } });

      expect(await mcp.ask('task_get', { task_id })).not.toHaveProperty('metadata');
      expect(await mcp.ask('task_get', { task_id, detail: 'full' })).toMatchObject({
        metadata: { team: 'docs', created_by: 'admin-key' },
        max_retries: 3,
        place_in_line: 1,
      });
    });
  });
});
