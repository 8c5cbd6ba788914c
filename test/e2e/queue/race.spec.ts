import { BuiltServer } from '../../support/built-server';
import { checkDrain } from '../../support/checking/check-order';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { expectNone, expectSound } from '../../support/checker';
import type { HttpAnswer } from '../../support/http-reading';
import { RecordedClient, type Held } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';
import { SeededRandom, seedOfRun } from '../../support/seeded-random';

const CLIENTS = 100;
const TASKS = 1000;
const SEED = seedOfRun();
const DIRECTORY = '/srv/race';
/** How urgent each priority is; the documents say no more than their order. */
const URGENCY = { high: 8, medium: 5, low: 2 } as const;
type Priority = keyof typeof URGENCY;

describe(`100 clients, each on a socket of its own, race for 1 000 tasks (TEST_SEED=${SEED})`, () => {
  const recorder = new Recorder();
  const priorities = new Map<string, number>();
  let server: BuiltServer;
  let clients: [RecordedClient, ...RecordedClient[]];
  let handedOut: readonly Held[];
  let completions: readonly HttpAnswer[];
  let observed: Observed;

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    const { url, key } = server;
    const newClient = (): RecordedClient => new RecordedClient({ url, key }, recorder);
    clients = [newClient(), ...Array.from({ length: CLIENTS - 1 }, newClient)];
    await createAll();
    const shares = await Promise.all(clients.map(claimUntilNothingIsLeft));
    handedOut = shares.flat();
    const answers = await Promise.all(clients.map((client, index) => completeAll(client, shares[index])));
    completions = answers.flat();
    observed = await observeOverHttp(clients);
  }, 180_000);

  afterAll(async () => {
    clients.forEach((client) => client.close());
    await server.dispose();
  });

  async function createAll(): Promise<void> {
    const random = new SeededRandom(SEED);
    const wanted = Array.from({ length: TASKS }, () => random.pick<Priority>(['high', 'medium', 'low']));
    const left = wanted.entries();
    const create = async (client: RecordedClient): Promise<void> => {
      for (const [index, priority] of left) {
        const { body } = await client.create({
          work_directory: DIRECTORY,
          prompt: `Take task ${index}.`,
          priority,
        });
        priorities.set((body as { data: { task_id: string } }).data.task_id, URGENCY[priority]);
      }
    };
    await Promise.all(clients.map(create));
  }

  async function claimUntilNothingIsLeft(client: RecordedClient, index: number): Promise<readonly Held[]> {
    const share: Held[] = [];
    const claim = (): Promise<Held | null> =>
      client.claim({ work_path: DIRECTORY, worker_id: `worker-${index}` });
    for (let held = await claim(); held !== null; held = await claim()) share.push(held);
    return share;
  }

  async function completeAll(client: RecordedClient, share: readonly Held[] = []): Promise<HttpAnswer[]> {
    const answers: HttpAnswer[] = [];
    for (const held of share) answers.push(await client.complete(held));
    return answers;
  }

  it('every task is handed out once, and to one client', () => {
    expect(priorities.size).toBe(TASKS);
    expect(handedOut).toHaveLength(TASKS);
    expect(new Set(handedOut.map(({ taskId }) => taskId)).size).toBe(TASKS);
    expect(new Set(handedOut.map(({ token }) => token)).size).toBe(TASKS);
  });

  it('the most urgent goes first, and of equals the one that came first', () => {
    expectNone(checkDrain(observed, priorities), recorder.log, observed);
  });

  it('every holder completes what it holds', () => {
    expect(completions.map(({ status }) => status)).toEqual(Array<number>(TASKS).fill(200));
    expect(new Set(observed.tasks.map(({ status }) => status))).toEqual(new Set(['completed']));
  });

  it('what the clients were told and what is stored agree', () => {
    expect(observed.tasks).toHaveLength(TASKS);
    expect(observed.transitions).toHaveLength(3 * TASKS);
    expectSound(recorder.log, observed);
  });
});
