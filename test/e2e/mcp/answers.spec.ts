import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { create, NEW, type Claimed } from './asking';

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

describe.each<Era>(['modern', 'legacy'])('calling the tools (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin', era);
  });
  afterEach(() => service.close());

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
      const { task_id } = await create(mcp, { tags: ['a', 'b'], priority: 'high', task_type: 'build' });
      await create(mcp);

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
      await create(mcp, { prompt, payload: { numbers: 'n'.repeat(50_000) } });
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
      const { task_id } = await create(mcp);

      for (const cursor of ['constructor:0', 'nothing:0'])
        expect(await mcp.refusal('task_get', { task_id, cursor })).toMatchObject({
          code: 'VALIDATION_ERROR',
        });
    });

    it('are left whole when they fit', async () => {
      await create(mcp, { prompt: 'p'.repeat(9_000) });
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
      const { task_id } = await create(mcp, { metadata: { team: 'docs' } });

      expect(await mcp.ask('task_get', { task_id })).not.toHaveProperty('metadata');
      expect(await mcp.ask('task_get', { task_id, detail: 'full' })).toMatchObject({
        metadata: { team: 'docs', created_by: 'admin-key' },
        max_retries: 3,
        place_in_line: 1,
      });
    });
  });
});
