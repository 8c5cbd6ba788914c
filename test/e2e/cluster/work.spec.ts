import type { TaskStatus } from '@task/domain';
import { expectSound } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { eventually } from '../../support/eventually';
import { PersistentClient } from '../../support/persistent-client';
import { Recorder } from '../../support/recorder';
import { EventClient } from '../http/event-client';
import { Cluster } from './cluster';
import { nginxFront, plainFront } from './front';

/** `npm run test:cluster` takes the machine's nginx, and its time; every other run shows the same in little. */
const IS_FULL = process.env.CLUSTER === 'full';
const CLIENTS = IS_FULL ? 100 : 12;
const TASKS = IS_FULL ? Number(process.env.CLUSTER_TASKS ?? 20_000) : 420;
const MOST_MS = IS_FULL ? 3_600_000 : 90_000;
/** Events that are read from one instance before it is another one's turn. */
const READ_AT_ONCE = IS_FULL ? 1_000 : 100;
const DIRECTORY = '/srv/cluster';

describe('four instances on one PostgreSQL, one of which is killed and one of which is stopped in the middle of work', () => {
  const recorder = new Recorder();
  let cluster: Cluster;
  let clients: [PersistentClient, ...PersistentClient[]];
  let observed: Observed;
  let created = 0;
  let completed = 0;
  let seconds = 0;
  /** Ids of events, as a reader got them that went on at another instance now and then. */
  const seen: number[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start(4, {}, IS_FULL ? nginxFront : plainFront);
    const begun = performance.now();
    const { door } = cluster;
    const newClient = (): PersistentClient => new PersistentClient(door, recorder);
    clients = [newClient(), ...Array.from({ length: CLIENTS - 1 }, newClient)];
    const working = Promise.all(clients.map(work));
    const reading = readEvents();
    await reached(TASKS / 3);
    await cluster.server(0).kill('SIGKILL');
    await reached(TASKS / 2);
    await cluster.server(1).kill('SIGTERM');
    await working;
    seconds = (performance.now() - begun) / 1_000;
    observed = await observeOverHttp(clients);
    await reading;
  }, MOST_MS);

  afterAll(async () => {
    if (IS_FULL) process.stdout.write(`${JSON.stringify(figures(), null, 2)}\n`);
    for (const client of clients) client.close();
    await cluster.dispose();
  });

  const broken = (): number => clients.reduce((sum, client) => sum + client.broken, 0);
  const refused = (): readonly number[] => clients.flatMap((client) => client.refused);
  const figures = (): object => ({
    ...{ clients: CLIENTS, tasks: TASKS, seconds: Math.round(seconds) },
    tasks_per_second: Math.round(TASKS / seconds),
    connections_broken: broken(),
    answers_502: refused().filter((status) => status === 502).length,
    answers_503: refused().filter((status) => status === 503).length,
    events_read: seen.length,
  });

  const reached = (count: number): Promise<true> =>
    eventually(() => Promise.resolve(completed >= count ? true : null), { timeoutMs: MOST_MS });

  /** Creates its share, and works until everything is done. */
  async function work(client: PersistentClient): Promise<void> {
    while (completed < TASKS) {
      if (created < TASKS) {
        created += 1;
        await client.create({ work_directory: DIRECTORY, prompt: 'Do it once.' });
      }
      const held = await client.claim({ work_path: DIRECTORY, wait: '1' });
      if (held === null) continue;
      await client.complete(held);
      completed += 1;
    }
  }

  /** Reads three events for each task, always from the next instance that is there. */
  async function readEvents(): Promise<void> {
    const { url, key } = cluster.door;
    while (seen.length < 3 * TASKS) {
      const stream = await EventClient.open(
        `${url}/api/v1/events`,
        { 'Last-Event-ID': String(seen.at(-1) ?? 0) },
        key,
      ).catch(() => null);
      if (stream === null) continue;
      const wanted = Math.min(READ_AT_ONCE, 3 * TASKS - seen.length);
      await eventually(
        () => Promise.resolve(stream.events.length >= wanted || stream.ending !== null ? true : null),
        {
          timeoutMs: MOST_MS,
        },
      );
      stream.close();
      seen.push(...stream.events.map(({ id }) => Number(id)));
    }
  }

  it('does each task once, by the word of everybody who worked on it', () => {
    expectSound(recorder.log, observed);
    const inStatus = Map.groupBy(observed.tasks, ({ status }) => status);
    const counts = [...inStatus].map(([status, tasks]): [TaskStatus, number] => [status, tasks.length]);
    expect(counts).toEqual([['completed', TASKS]]);
  });

  it('lets no client see more than broken connections and 502 or 503, which the repeat with the same key heals', () => {
    for (const status of refused()) expect([502, 503]).toContain(status);
    expect(broken() + refused().length).toBeGreaterThan(0);
    expect(recorder.log.filter(({ outcome }) => outcome.is === 'refused')).toEqual([]);
  });

  it('shows a reader who moves from instance to instance every event once, in order', () => {
    expect(seen).toEqual(Array.from({ length: 3 * TASKS }, (_, index) => index + 1));
  });
});
