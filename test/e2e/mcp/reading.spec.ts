import { uuid } from '../../support/counted-ids';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { NEW } from './asking';

interface Contents {
  readonly contents: readonly { readonly uri: string; readonly mimeType: string; readonly text: string }[];
}
interface Written {
  readonly messages: readonly { readonly role: string; readonly content: { readonly text: string } }[];
}
interface Completed {
  readonly completion: { readonly values: readonly string[] };
}

describe.each<Era>(['modern', 'legacy'])('resources, prompts and completions (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeAll(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'reader', era);
  });
  afterAll(() => service.close());

  const file = (changes: object = {}): Promise<{ task_id: string }> =>
    new McpClient(service.baseUrl, 'producer', era).ask('task_create', { ...NEW, ...changes });
  async function read(uri: string): Promise<Record<string, unknown>> {
    const { body } = await mcp.send<Contents>('resources/read', { uri });
    const [contents] = body.result?.contents ?? [];
    expect(contents).toMatchObject({ uri, mimeType: 'application/json' });
    return JSON.parse(contents?.text ?? '') as Record<string, unknown>;
  }

  it('there are the queue’s status, and templates for each task', async () => {
    const { body } = await mcp.send<{ resources: { uri: string }[] }>('resources/list');
    expect(body.result?.resources.map(({ uri }) => uri)).toEqual(['queue://status']);
    const { body: templates } = await mcp.send<{ resourceTemplates: { uriTemplate: string }[] }>(
      'resources/templates/list',
    );
    expect(templates.result?.resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'task://{id}',
      'task://{id}/history',
    ]);
  });

  it('a task is read whole, however long it is, and with its history', async () => {
    const payload = { text: 'x'.repeat(100_000) };
    const { task_id } = await file({ payload });

    expect(await read(`task://${task_id}`)).toMatchObject({
      task_id,
      ...NEW,
      payload,
      place_in_line: expect.any(Number),
    });
    expect(await read(`task://${task_id}/history`)).toMatchObject({
      task_id,
      history: [{ command: 'create', from: null, to: 'waiting' }],
    });
    expect(await read('queue://status')).toMatchObject({ waiting: expect.any(Number) });
  });

  it.each([
    `task://${uuid(99)}`,
    `task://${uuid(99)}/history`,
    'task://',
    'file:///etc/passwd',
    'queue://else',
  ])('there is no %s', async (uri) => {
    const { body } = await mcp.send('resources/read', { uri });
    expect(body.error).toMatchObject({ code: -32_602 });
  });

  it('work_loop tells an agent how to work in a directory', async () => {
    const { body } = await mcp.send<Written>('prompts/get', {
      name: 'work_loop',
      arguments: { work_directory: '/srv/project', worker_id: 'agent-1' },
    });
    const told = body.result?.messages[0]?.content.text ?? '';

    expect(told).toContain('{"work_path":"/srv/project","recursive":true,"worker_id":"agent-1","wait":20}');
    for (const tool of [
      'task_claim',
      'task_heartbeat',
      'task_complete',
      'task_fail',
      'task_release',
      'LEASE_LOST',
    ]) {
      expect(told).toContain(tool);
    }
  });

  it('plan_tasks tells how to write a prompt that needs no context', async () => {
    const { body } = await mcp.send<Written>('prompts/get', {
      name: 'plan_tasks',
      arguments: { goal: 'Move to Node 24', work_directory: '/srv/project', tags: 'node, ci' },
    });
    const told = body.result?.messages[0]?.content.text ?? '';

    expect(told).toContain('Move to Node 24');
    expect(told).toContain('{"work_directory":"/srv/project","tags":["node","ci"]}');
    expect(told).toContain('sees nothing but its prompt');
  });

  it('a prompt without what it needs is refused, and so is one that there is not', async () => {
    const { body } = await mcp.send('prompts/get', { name: 'work_loop', arguments: {} });
    expect(body.error).toMatchObject({ code: -32_602, message: 'Missing argument: work_directory' });
    expect((await mcp.send('prompts/get', { name: 'nope' })).body.error).toMatchObject({ code: -32_602 });
  });

  it('completes work directories, tags and task types from the tasks', async () => {
    await file({ work_directory: '/srv/website', tags: ['frontend', 'urgent'], task_type: 'build' });
    const complete = async (
      name: string,
      value: string,
      prompt = 'plan_tasks',
    ): Promise<readonly string[]> => {
      const params = { ref: { type: 'ref/prompt', name: prompt }, argument: { name, value } };
      return (await mcp.send<Completed>('completion/complete', params)).body.result?.completion.values ?? [];
    };

    expect(await complete('work_directory', '/srv/w', 'work_loop')).toEqual(['/srv/website']);
    expect(await complete('task_type', 'BU')).toEqual(['build']);
    expect(await complete('tags', 'f')).toEqual(['frontend']);
    expect(await complete('tags', 'frontend, u')).toEqual(['frontend, urgent']);
    expect(await complete('goal', 'M')).toEqual([]);
  });
});
