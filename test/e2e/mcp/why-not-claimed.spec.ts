import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { claim, create } from './asking';

describe.each<Era>(['modern', 'legacy'])('calling the tools (%s)', (era) => {
  let service: TestService;
  let mcp: McpClient;

  beforeEach(async () => {
    service = await TestService.start();
    mcp = new McpClient(service.baseUrl, 'admin', era);
  });
  afterEach(() => service.close());

  describe('why a claim finds nothing', () => {
    const why = (given: object = {}): Promise<Record<string, unknown>> => mcp.ask('queue_status', given);

    it('because nothing waits', async () => {
      expect(await claim(mcp)).toMatchObject({
        claimed: false,
        next: expect.stringContaining('queue_status'),
      });
      expect(await why()).toMatchObject({ can_claim: false, why: expect.stringContaining('No task waits') });
    });

    it('because all of it is elsewhere', async () => {
      await create(mcp, { work_directory: '/srv/other', kb_id: 'kb-7' });
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
      await create(mcp, { schedule_for: '2031-01-01T00:00:00Z' });
      expect(await why()).toMatchObject({
        can_claim: false,
        why: expect.stringContaining('scheduled'),
        next_due_at: '2031-01-01T00:00:00.000Z',
      });
    });

    it('or that one is found, as soon as its time has come', async () => {
      await create(mcp, { schedule_for: new Date(service.clock.now() + 60_000).toISOString() });
      expect(await why()).toMatchObject({ can_claim: false });
      service.clock.advance(60_000);
      expect(await why()).toMatchObject({ can_claim: true });
      expect(await claim(mcp)).toMatchObject({ claimed: true });
    });

    it('because the key may not claim', async () => {
      await create(mcp);
      const reader = new McpClient(service.baseUrl, 'reader', era);
      expect(await reader.ask('queue_status')).toMatchObject({
        can_claim: false,
        why: expect.stringContaining('role'),
      });
    });
  });
});
