import { BuiltServer } from '../../support/built-server';
import { checkDrain } from '../../support/checking/check-order';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { expectNone, expectSound } from '../../support/checker';
import { AGENT_KINDS, connectAgent } from '../../support/mcp-agents';
import { RecordedAgent } from '../../support/recorded-agent';
import { RecordedClient } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';

const AGENTS = 20;
const TASKS = 500;
const DIRECTORY = '/srv/drain';
const NORMAL = 5;

describe('20 agents, of every official client, drain 500 tasks at once over /mcp', () => {
  const recorder = new Recorder();
  let server: BuiltServer;
  let agents: readonly RecordedAgent[];
  let done: readonly string[];
  let observed: Observed;
  const priorities = new Map<string, number>();

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    agents = await Promise.all(Array.from({ length: AGENTS }, (_, index) => connect(index)));
    await createAll();
    done = (await Promise.all(agents.map(drain))).flat();
    const reader = new RecordedClient({ url: server.url, key: server.key }, recorder);
    observed = await observeOverHttp([reader]);
    reader.close();
  }, 120_000);

  afterAll(async () => {
    await Promise.all(agents.map(({ agent }) => agent.close()));
    await server.dispose();
  });

  async function connect(index: number): Promise<RecordedAgent> {
    const kind = AGENT_KINDS[index % AGENT_KINDS.length] ?? 'sdk 1.32';
    return new RecordedAgent(await connectAgent(kind, { url: server.url, key: server.key }), recorder);
  }

  async function createAll(): Promise<void> {
    const left = Array.from({ length: TASKS }, (_, index) => index).values();
    const create = async (agent: RecordedAgent): Promise<void> => {
      for (const index of left) {
        const { task_id = '' } = await agent.create({
          work_directory: DIRECTORY,
          prompt: `Do task ${index}.`,
        });
        priorities.set(task_id, NORMAL);
      }
    };
    await Promise.all(agents.map(create));
  }

  async function drain(agent: RecordedAgent, index: number): Promise<string[]> {
    const ended: string[] = [];
    const claim = () => agent.claim({ work_path: DIRECTORY, worker_id: `agent-${index}` });
    for (let held = await claim(); held !== null; held = await claim()) {
      await agent.complete(held);
      ended.push(held.taskId);
    }
    return ended;
  }

  it('each task is done, and by one agent', () => {
    expect(priorities.size).toBe(TASKS);
    expect(done).toHaveLength(TASKS);
    expect(new Set(done)).toEqual(new Set(priorities.keys()));
  });

  it('the one that came first goes first', () => {
    expectNone(checkDrain(observed, priorities), recorder.log, observed);
  });

  it('what the agents were told and what is stored agree', () => {
    expect(observed.tasks.every(({ status }) => status === 'completed')).toBe(true);
    expect(observed.transitions).toHaveLength(3 * TASKS);
    expectSound(recorder.log, observed);
  });
});
