import Ajv2020 from 'ajv/dist/2020';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';

interface Shown {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly inputSchema: { readonly type: string; readonly required?: readonly string[] };
  readonly outputSchema?: { readonly type: string };
}

const READS = ['queue_status', 'task_get', 'task_list'];
const WORKS = ['task_claim', 'task_heartbeat', 'task_complete', 'task_fail', 'task_release'];
const PRODUCES = ['task_create', 'task_cancel', 'task_retry', 'task_run'];

describe('the tools', () => {
  let service: TestService;

  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  const list = async (key: string, era: Era = 'modern'): Promise<readonly Shown[]> => {
    const { body } = await new McpClient(service.baseUrl, key, era).send<{ tools: Shown[] }>('tools/list');
    return body.result?.tools ?? [];
  };
  const namesFor = async (key: string): Promise<string[]> => (await list(key)).map(({ name }) => name).sort();

  it.each<Era>(['modern', 'legacy'])('are at most 12, in at most 3 000 tokens (%s)', async (era) => {
    const { body } = await new McpClient(service.baseUrl, 'admin', era).send('tools/list');

    expect(JSON.stringify(body.result).length / 4).toBeLessThanOrEqual(3_000);
    expect(await list('admin', era)).toHaveLength(READS.length + WORKS.length + PRODUCES.length);
    expect(await list('admin', era)).toHaveLength(12);
  });

  it('are the same for every era', async () => {
    expect(await list('admin', 'legacy')).toEqual(await list('admin', 'modern'));
  });

  it('begin with one that reads and needs no argument', async () => {
    const [first] = await list('admin');

    expect(first).toMatchObject({ name: 'queue_status', annotations: { readOnlyHint: true } });
    expect(first?.inputSchema.required).toBeUndefined();
  });

  it('say what they are: title, hints, and what they take and give as objects', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: false });
    for (const tool of await list('admin')) {
      expect(tool).toEqual({
        name: expect.stringMatching(/^[a-z_]{1,40}$/),
        title: expect.stringMatching(/./),
        description: expect.stringMatching(/./),
        annotations: expect.objectContaining({ openWorldHint: false }),
        inputSchema: expect.objectContaining({ type: 'object' }),
        outputSchema: expect.objectContaining({ type: 'object' }),
      });
      expect(ajv.validateSchema(tool.inputSchema)).toBe(true);
      expect(ajv.validateSchema({ ...tool.outputSchema })).toBe(true);
    }
  });

  it('tell those that only read from those that end something', async () => {
    const tools = await list('admin');
    const having = (hint: string): string[] =>
      tools.filter(({ annotations }) => annotations?.[hint] === true).map(({ name }) => name);

    expect(having('readOnlyHint').sort()).toEqual([...READS].sort());
    expect(having('destructiveHint')).toEqual(['task_cancel']);
    expect(
      tools.every(
        ({ annotations }) => annotations?.readOnlyHint === true || 'destructiveHint' in (annotations ?? {}),
      ),
    ).toBe(true);
  });

  it('are those that the caller’s role may use, and no others', async () => {
    expect(await namesFor('reader')).toEqual([...READS].sort());
    expect(await namesFor('worker')).toEqual([...READS, ...WORKS].sort());
    expect(await namesFor('producer')).toEqual([...READS, ...PRODUCES].sort());
  });

  it('that a role may not use are refused, with the role that is needed', async () => {
    const refusal = await new McpClient(service.baseUrl, 'reader').refusal('task_create', {
      work_directory: '/srv',
      prompt: 'read',
    });

    expect(refusal).toMatchObject({ code: 'FORBIDDEN', details: { required_role: 'producer' } });
  });

  it('that there are not are a fault of the protocol', async () => {
    const { body } = await new McpClient(service.baseUrl, 'admin').send('tools/call', { name: 'task_nope' });

    expect(body.error).toMatchObject({ code: -32_602, message: 'Unknown tool: task_nope' });
  });
});
