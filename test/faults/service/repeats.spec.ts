import { BuiltServer } from '../../support/built-server';
import { expectSound } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { HttpAnswer } from '../../support/http-reading';
import { RecordedClient, type Held } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';
import { SeededRandom } from '../../support/seeded-random';
import { IS_FULL, SEED, UNLIMITED } from './load';

const TASKS = IS_FULL ? 2_000 : 150;
const SENDERS = 12;
const COPIES = 3;
const DIRECTORY = '/srv/repeats';

interface Sent {
  readonly kind: 'heartbeat' | 'complete';
  readonly held: Held;
  readonly answer: HttpAnswer;
}

describe(`heartbeats and completions that come several times, and in any order (TEST_SEED=${SEED})`, () => {
  const random = new SeededRandom(SEED);
  const recorder = new Recorder();
  const sent: Sent[] = [];
  let server: BuiltServer;
  let clients: [RecordedClient, ...RecordedClient[]];

  beforeAll(async () => {
    server = await BuiltServer.start(UNLIMITED);
    const newClient = (): RecordedClient => new RecordedClient(server, recorder);
    clients = [newClient(), ...Array.from({ length: SENDERS - 1 }, newClient)];
    const held = await claimAll();
    const messages = shuffled(
      held.flatMap((each) =>
        Array.from({ length: COPIES }, () => [
          { kind: 'heartbeat', held: each } as const,
          { kind: 'complete', held: each } as const,
        ]).flat(),
      ),
    ).values();
    await Promise.all(
      clients.map(async (client) => {
        for (const { kind, held: each } of messages)
          sent.push({ kind, held: each, answer: await client[kind](each) });
      }),
    );
  });

  afterAll(async () => {
    clients.forEach((client) => client.close());
    await server.dispose();
  });

  async function claimAll(): Promise<readonly Held[]> {
    const held: Held[] = [];
    for (let number = 1; number <= TASKS; number += 1) {
      await clients[0].create({ work_directory: DIRECTORY, prompt: `Do part ${number} once.` });
      const got = await clients[0].claim({ work_path: DIRECTORY });
      if (got !== null) held.push(got);
    }
    return held;
  }

  function shuffled<T>(items: readonly T[]): readonly T[] {
    return items
      .map((item) => ({ item, place: random.next() }))
      .sort((one, other) => one.place - other.place)
      .map(({ item }) => item);
  }

  it('end each task once, and each copy of its completion hears the same', () => {
    const completions = sent.filter(({ kind }) => kind === 'complete');
    expect(completions).toHaveLength(TASKS * COPIES);
    for (const copies of Map.groupBy(completions, ({ held }) => held.taskId).values()) {
      const [first, ...others] = copies.map(({ answer }) => told(answer));
      expect(first).toMatchObject({ status: 200 });
      for (const other of others) expect(other).toEqual(first);
    }
  });

  it('renew before the end, and revive nothing after it', () => {
    const beats = sent.filter(({ kind }) => kind === 'heartbeat').map(({ answer }) => told(answer));
    expect(beats).toHaveLength(TASKS * COPIES);
    for (const { status } of beats) expect([200, 409]).toContain(status);
    const late = beats.filter(({ status }) => status === 409);
    expect(new Set(late.map(({ code }) => code))).toEqual(new Set(['ALREADY_FINAL']));
    expect(late.length).toBeLessThan(beats.length);
  });

  it('leave a store in which nothing contradicts what anybody was told', async () => {
    const observed = await observeOverHttp(clients);
    expectSound(recorder.log, observed);
    expect(observed.transitions).toHaveLength(3 * TASKS);
    expect(new Set(observed.tasks.map(({ status }) => status))).toEqual(new Set(['completed']));
  });
});

interface Told {
  readonly status: number;
  readonly code: string | undefined;
  readonly data: unknown;
}

function told({ status, body }: HttpAnswer): Told {
  const { data, error } = body as { data: unknown; error: { details?: { code?: string } } | null };
  return { status, code: error?.details?.code, data };
}
