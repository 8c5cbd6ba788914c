import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceClient } from '../../../src/client/service-client';
import type { ServicePlace } from '../../../src/client/service-place';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { AGENT_KINDS, connectAgent, type Agent } from '../../support/mcp-agents';

interface Claimed {
  readonly task_id: string;
  readonly lease_token: string;
}

const DIRECTORY = '/srv/project';
const VERSIONS = {
  'client 2.4, modern': '2026-07-28',
  'client 2.4, legacy': '2025-11-25',
  'sdk 1.32': '2025-11-25',
};

/** What every agent does: file a task, claim it, keep it, complete it; and then REST tells about it. */
async function workThrough(agent: Agent, place: ServicePlace): Promise<void> {
  const filed = await agent.ask<{ task_id: string }>('task_create', {
    work_directory: DIRECTORY,
    prompt: 'Say what MCP stands for.',
  });
  const task = await agent.ask<Claimed>('task_claim', { work_path: DIRECTORY, worker_id: 'agent', wait: 5 });
  const held = { task_id: task.task_id, lease_token: task.lease_token };
  await agent.ask('task_heartbeat', { ...held, progress: 50 });
  await agent.ask('task_complete', { ...held, result: { answer: 'Model Context Protocol' } });

  expect(task.task_id).toBe(filed.task_id);
  const rest = new ServiceClient(place);
  expect(await rest.ask('GET', `/api/v1/tasks/${task.task_id}`)).toMatchObject({
    status: 'completed',
    worker_id: 'agent',
    result: { answer: 'Model Context Protocol' },
  });
  rest.close();
}

describe.each(AGENT_KINDS)('%s', (kind) => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start();
  });
  afterAll(() => server.dispose());

  it('works over HTTP', async () => {
    const agent = await connectAgent(kind, { url: server.url, key: server.key });

    expect(agent.version).toBe(VERSIONS[kind]);
    expect(await agent.tools()).toHaveLength(12);
    await workThrough(agent, { kind: 'url', url: server.url, apiKey: server.key });
    await agent.close();
  });

  it('works over standard input and output, with the service that has the file', async () => {
    const agent = await connectAgent(kind, { folder: server.folder });

    expect(await agent.tools()).toHaveLength(12);
    await workThrough(agent, { kind: 'url', url: server.url, apiKey: server.key });
    await agent.close();
  });

  it('works over standard input and output, with a service elsewhere', async () => {
    const env = { TASK_ORCHESTRATOR_URL: server.url, TASK_ORCHESTRATOR_API_KEY: server.key };
    const agent = await connectAgent(kind, { folder: '/', env });

    await workThrough(agent, { kind: 'url', url: server.url, apiKey: server.key });
    await agent.close();
  });

  it('works over standard input and output where no service is', async () => {
    const folder = scratchFolder();
    const agent = await connectAgent(kind, { folder });

    await workThrough(agent, { kind: 'socket', path: join(folder, 'data/tasks.db.sock') });
    await agent.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
