import type { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { McpClient } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { NEW } from './asking';

interface Claimed {
  readonly claimed: boolean;
  readonly task_id: string;
  readonly lease_token: string;
  readonly dependencies?: readonly object[];
  readonly cut?: readonly object[];
}

describe('tasks that wait for others, through MCP', () => {
  let service: TestService;
  let admin: ApiClient;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
    mcp = new McpClient(service.baseUrl, 'admin');
  });
  afterEach(() => service.close());

  const file = async (tasks: readonly object[]): Promise<string[]> => {
    const given = { tasks: tasks.map((task) => ({ ...NEW, ...task })) };
    return (await mcp.ask<{ task_ids: string[] }>('task_create', given)).task_ids;
  };
  const claim = (): Promise<Claimed> =>
    eventually(async () => {
      const claimed = await mcp.ask<Claimed>('task_claim', {});
      return claimed.claimed ? claimed : null;
    });
  const complete = ({ task_id, lease_token }: Claimed, result: object): Promise<unknown> =>
    mcp.ask('task_complete', { task_id, lease_token, result });

  it('are filed by ref in one call, and each is given what those before it have brought', async () => {
    const ids = await file([{ ref: 'a' }, { ref: 'b', depends_on: ['@a'] }, { depends_on: ['@a', '@b'] }]);
    const first = await claim();
    expect(first.dependencies).toBeUndefined();
    await complete(first, { part: 1 });
    await complete(await claim(), { part: 2 });
    const last = await claim();
    expect([last.task_id, last.dependencies]).toEqual([
      ids[2],
      [
        { task_id: ids[0], status: 'completed', result: { part: 1 } },
        { task_id: ids[1], status: 'completed', result: { part: 2 } },
      ],
    ]);
  });

  it('say what they need, and what stands in their way', async () => {
    const { task_id: first } = await mcp.ask<{ task_id: string }>('task_create', NEW);
    const { task_id: last } = await mcp.ask<{ task_id: string }>('task_create', {
      ...{ ...NEW, task_type: 'report', depends_on: [first] },
      ...{ on_dependency_failure: 'cancel', concurrency_key: 'repo' },
    });
    expect(await mcp.ask('task_get', { task_id: last, detail: 'full' })).toMatchObject({
      ...{ depends_on: [first], on_dependency_failure: 'cancel', concurrency_key: 'repo' },
      blocked_by: [{ kind: 'dependencies', pending: 1 }],
    });
    expect(await mcp.ask('queue_status', { task_types: ['report'] })).toMatchObject({
      ...{ can_claim: false, blocked_by: { dependencies: 1, concurrency_keys: [] } },
      why: expect.stringContaining('wait for others'),
    });
  });

  it('that share a key take turns, and the queue says so', async () => {
    await file([{ concurrency_key: 'repo' }, { concurrency_key: 'repo' }]);
    await claim();
    expect(await mcp.ask('task_claim', {})).toMatchObject({ claimed: false });
    expect(await mcp.ask('queue_status')).toMatchObject({
      blocked_by: { dependencies: 0, concurrency_keys: ['repo'] },
    });
  });

  it('are told where a long result is, and can read it there', async () => {
    const [first = ''] = await file([{ ref: 'a' }, { depends_on: ['@a'] }]);
    await complete(await claim(), { text: 'x'.repeat(9_000) });
    const { dependencies } = await claim();
    const cut = { bytes: 9_011, next_cursor: 'result:0' };
    expect(dependencies).toEqual([{ task_id: first, status: 'completed', cut }]);
    const part = await mcp.ask<{ text: string }>('task_get', { task_id: first, cursor: 'result:0' });
    expect(part.text).toMatch(/^\{"text":"x+$/);
  });

  it('that wait for a hundred are claimed all the same; what does not fit is read on', async () => {
    const many = Array.from({ length: 99 }, (_, index) => ({ ref: `t${index}`, priority: 'high' }));
    await file([...many, { depends_on: many.map(({ ref }) => `@${ref}`) }]);
    for (let done = 0; done < many.length; done += 1) await complete(await claim(), { done });
    const { task_id: id, cut } = await claim();
    expect(cut).toEqual([
      { field: 'dependencies', characters: expect.any(Number), next_cursor: 'dependencies:0' },
    ]);
    let text = '';
    let cursor: string | undefined = 'dependencies:0';
    while (cursor !== undefined) {
      const part: { text: string; next_cursor?: string } = await mcp.ask('task_get', { task_id: id, cursor });
      text += part.text;
      cursor = part.next_cursor;
    }
    const whole = JSON.parse(text) as { result: { done: number } }[];
    expect(whole.map(({ result }) => result.done)).toEqual(many.map((_, index) => index));
  });

  it('are refused names that are not there', async () => {
    const refusal = await mcp.refusal('task_create', { tasks: [{ ...NEW, depends_on: ['@b'] }] });
    expect(refusal).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: 'tasks[0].depends_on[0]' }],
    });
    expect((await admin.get<{ tasks: object[] }>('/api/v1/tasks')).body.data.tasks).toEqual([]);
  });
});
