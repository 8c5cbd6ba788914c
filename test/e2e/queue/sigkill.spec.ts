import Sqlite from 'better-sqlite3';
import type { TaskStatus } from '@task/domain';
import { BuiltServer } from '../../support/built-server';
import { expectSound } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { eventually } from '../../support/eventually';
import { RecordedClient, type Held } from '../../support/recorded-client';
import { Recorder, type Operation, type OperationKind } from '../../support/recorder';
import { SeededRandom, seedOfRun } from '../../support/seeded-random';

/** `npm run test:faults` takes its time; every other run shows the same in little. */
const ROUNDS = process.env.FAULTS === 'full' ? 20 : 6;
const CLIENTS = 20;
const SEED = seedOfRun();
const DIRECTORY = '/srv/burst';
const STATUSES: readonly TaskStatus[] = ['waiting', 'working', 'completed', 'failed', 'cancelled'];
type Deed = 'create' | 'claim' | 'complete';

describe(`a server that is killed with SIGKILL in the middle of a burst (TEST_SEED=${SEED})`, () => {
  const random = new SeededRandom(SEED);
  const recorder = new Recorder();
  let server: BuiltServer;
  let clients: [RecordedClient, ...RecordedClient[]];
  /** Operations that were acknowledged in each round before the server was killed. */
  const acknowledged: number[] = [];
  /** Claimed by somebody who was told so, and not completed yet as far as anybody knows. */
  const held: Held[] = [];

  let observed: Observed;

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    connect();
    for (let round = 1; round <= ROUNDS; round += 1) {
      await killInTheMiddle();
      // A completion whose answer was lost is asked for again, and so is counted once.
      await completeAllThatIsHeld();
    }
    await Promise.all(clients.map(claimAllThatIsLeft));
    observed = await observeOverHttp(clients);
  }, 600_000);

  afterAll(async () => {
    clients.forEach((client) => client.close());
    await server.dispose();
  });

  function connect(): void {
    const { url, key } = server;
    const newClient = (): RecordedClient => new RecordedClient({ url, key }, recorder);
    clients = [newClient(), ...Array.from({ length: CLIENTS - 1 }, newClient)];
  }

  const count = (outcome: Operation['outcome']['is'], kind?: OperationKind): number =>
    recorder.log.filter(
      (operation) => operation.outcome.is === outcome && operation.kind === (kind ?? operation.kind),
    ).length;

  /** @returns when the connection breaks */
  async function neverPause(client: RecordedClient): Promise<void> {
    for (;;) {
      try {
        await act(client, random.pick<Deed>(['create', 'create', 'claim', 'complete']));
      } catch {
        return;
      }
    }
  }

  async function act(client: RecordedClient, deed: Deed): Promise<void> {
    if (deed === 'create') {
      await client.create({
        work_directory: DIRECTORY,
        prompt: 'Survive.',
        priority: random.pick(['low', 'high']),
      });
    } else if (deed === 'claim') {
      const got = await client.claim({ work_path: DIRECTORY });
      if (got !== null) held.push(got);
    } else {
      const mine = held.shift();
      if (mine !== undefined) await completeOrKeep(client, mine);
    }
  }

  async function completeOrKeep(client: RecordedClient, mine: Held): Promise<void> {
    try {
      await client.complete(mine);
    } catch (error) {
      held.push(mine);
      throw error;
    }
  }

  async function killInTheMiddle(): Promise<void> {
    const before = count('ok');
    const burst = clients.map(neverPause);
    const enough = before + random.whole(1, 500);
    await eventually(() => Promise.resolve(count('ok') >= enough || null), { pauseMs: 1 });
    const ended = await server.kill('SIGKILL');
    await Promise.all(burst);
    acknowledged.push(count('ok') - before);
    clients.forEach((client) => client.close());
    expect(ended).toEqual({ code: null, signal: 'SIGKILL' });
    await server.restart();
    connect();
  }

  async function completeAllThatIsHeld(): Promise<void> {
    const left = held.splice(0).values();
    const complete = async (client: RecordedClient): Promise<void> => {
      for (const mine of left) await client.complete(mine);
    };
    await Promise.all(clients.map(complete));
  }

  async function claimAllThatIsLeft(client: RecordedClient): Promise<void> {
    const claim = (): Promise<Held | null> => client.claim({ work_path: DIRECTORY });
    for (let mine = await claim(); mine !== null; mine = await claim()) await client.complete(mine);
  }

  it('has every acknowledged write after its restart, and has done nothing twice', () => {
    expectSound(recorder.log, observed);
  });

  it('was killed while it worked: there are answers of every kind, and some that never came', () => {
    for (const kind of ['create', 'claim', 'complete'] as const) expect(count('ok', kind)).toBeGreaterThan(0);
    expect(acknowledged).toHaveLength(ROUNDS);
    expect(Math.min(...acknowledged)).toBeGreaterThan(0);
    expect(count('unknown')).toBeGreaterThan(0);
  });

  it('still takes the completion of every claim whose answer came', () => {
    expect(count('refused')).toBe(0);
  });

  it('goes on handing out what waits: only what was claimed for a lost answer is still being worked on', () => {
    const inStatus = (status: TaskStatus): number =>
      observed.tasks.filter((task) => task.status === status).length;
    expect(inStatus('waiting')).toBe(0);
    expect(inStatus('working')).toBeLessThanOrEqual(count('unknown', 'claim'));
    expect(inStatus('completed')).toBe(observed.tasks.length - inStatus('working'));
  });

  it('has counters that agree with its tasks', async () => {
    for (const status of STATUSES) {
      const { pagination } = (await clients[0].read(`/api/v1/tasks?status=${status}&limit=1`)) as {
        pagination: { total: number };
      };
      const tasks = observed.tasks.filter((task) => task.status === status);
      expect([status, pagination.total]).toEqual([status, tasks.length]);
    }
  });

  it('has a file without damage', () => {
    const db = new Sqlite(server.line.database, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});
