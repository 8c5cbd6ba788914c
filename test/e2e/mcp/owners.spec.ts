import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOwner } from '@task/infrastructure';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import { expectSound } from '../../support/checker';
import { eventually } from '../../support/eventually';
import { connectAgent, type Agent } from '../../support/mcp-agents';
import { RecordedAgent } from '../../support/recorded-agent';
import { RecordedClient, type Held } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';

const DIRECTORY = '/srv/owners';

describe('three servers on standard input and output, on one file', () => {
  const recorder = new Recorder();
  let folder: string;
  let agents: Agent[];
  let server: BuiltServer | null = null;

  beforeEach(async () => {
    folder = scratchFolder();
    agents = await Promise.all([
      connectAgent('client 2.4, modern', { folder }),
      connectAgent('client 2.4, legacy', { folder }),
      connectAgent('sdk 1.32', { folder }),
    ]);
  });
  afterEach(async () => {
    await Promise.all(agents.map((agent) => agent.close()));
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const ownerPid = (): number | undefined => findOwner(join(folder, 'data/tasks.db'))?.pid;
  /** One that looked for the revision in a process of its own, and has ended that one, may have been the owner before. */
  const owner = (): Promise<Agent> =>
    eventually(() => Promise.resolve(agents.find(({ pid }) => pid !== null && pid === ownerPid()) ?? null));

  /** Files tasks, and does what there is, until it has ended so many, or its server is gone. */
  async function work(recorded: RecordedAgent, isOver: () => boolean): Promise<void> {
    const claim = (): Promise<Held | null> => recorded.claim({ work_path: DIRECTORY });
    while (!isOver()) {
      await recorded.create({ work_directory: DIRECTORY, prompt: 'Count to three.' });
      const held = await claim();
      if (held !== null) await recorded.complete(held);
    }
    for (let held = await claim(); held !== null; held = await claim()) await recorded.complete(held);
  }

  it('go on when the one that has the file is killed: nothing is lost, and nothing done twice', async () => {
    const killed = await owner();
    const others = agents.filter((agent) => agent !== killed);
    const waiting = others.map((agent) => agent.ask('task_claim', { work_path: '/srv/later', wait: 25 }));
    const atKill = recorder.log.length + 200;
    const seen = { after: 0 };
    const isOver = (): boolean => ownerPid() !== killed.pid && (seen.after += 1) > 40;
    const working = others.map((agent) => work(new RecordedAgent(agent, recorder), isOver));
    await eventually(() => Promise.resolve(recorder.log.length >= atKill || null), { timeoutMs: 20_000 });
    process.kill(killed.pid ?? 0, 'SIGKILL');
    await Promise.all(working);

    expect(others.map(({ pid }) => pid)).toContain(ownerPid());
    expect(recorder.log.filter(({ outcome }) => outcome.is !== 'ok')).toEqual([]);
    // Who waited when the owner was killed still waits, at another one.
    const filed = await others[0]?.ask('task_create', { work_directory: '/srv/later', prompt: 'Hello?' });
    const claims = await Promise.race(waiting);
    expect(claims).toMatchObject({ claimed: true, task_id: filed?.task_id });

    await Promise.all(agents.map((agent) => agent.close()));
    await Promise.all(waiting.map((claim) => claim.catch(() => undefined)));
    server = await BuiltServer.start(
      { RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' },
      folder,
    );
    const reader = new RecordedClient({ url: server.url, key: server.key }, recorder);
    const observed = await observeOverHttp([reader]);
    const ours = observed.tasks.filter(({ id }) => id !== filed?.task_id);
    expect(ours.every(({ status }) => status === 'completed')).toBe(true);
    const transitions = observed.transitions.filter(({ taskId }) => taskId !== filed?.task_id);
    expectSound(recorder.log, { tasks: ours, transitions });
    reader.close();
  }, 180_000);

  it('go on when the one that has the file is closed by its client', async () => {
    const closed = await owner();
    const others = agents.filter((agent) => agent !== closed);
    await closed.close();

    const filed = await others[0]?.ask('task_create', { work_directory: DIRECTORY, prompt: 'Go on.' });
    expect(await others[1]?.ask('task_claim', { work_path: DIRECTORY })).toMatchObject({
      task_id: filed?.task_id,
    });
    expect(others.map(({ pid }) => pid)).toContain(ownerPid());
  }, 180_000);
});
