import { openStore, type OpenStore } from '@task/infrastructure';
import { CountedIds } from '../support/counted-ids';
import { eventually } from '../support/eventually';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { openScratch, scratchPostgres, type ScratchStore } from '../support/scratch-databases';
import { TcpBalancer } from '../support/tcp-balancer';
import { TestQueue } from '../support/test-queue';
import { faultsIn } from './faults-in';

const TIMEOUT_MS = 3_000;

describe('a store whose PostgreSQL stands still', () => {
  const ids = new CountedIds();
  let postgres: TestPostgres;
  let scratch: ScratchStore;
  let network: TcpBalancer;
  let store: OpenStore;
  let queue: TestQueue;

  beforeAll(async () => {
    postgres = await startPostgres();
    const database = await scratchPostgres(postgres);
    scratch = await openScratch(database);
    const url = new URL(database.url);
    network = await TcpBalancer.start([{ host: url.hostname, port: Number(url.port) }]);
    url.port = String(network.port);
    store = await openStore({
      ...scratch.options,
      url: { kind: 'postgres', url: url.href },
      timeoutMs: TIMEOUT_MS,
    });
    queue = new TestQueue(store.tasks, ids);
  });
  afterAll(async () => {
    network.thaw();
    await store.close();
    await network.close();
    await scratch.remove();
    await postgres.stop();
  });

  const back = async (): Promise<void> => {
    await eventually(() =>
      queue.create().then(
        () => true,
        () => null,
      ),
    );
  };

  it('waits for nothing without an end: neither writes nor reads', async () => {
    const task = await queue.create();
    network.freeze();
    const asked = await Promise.allSettled([
      queue.create(),
      queue.cancel(task),
      store.tasks.find(task.id),
      store.tasks.countByStatus(),
      store.events.read(0, 10, {}),
    ]);
    // What was written before may have been read; what was sent into the silence is unknown.
    for (const fault of faultsIn(asked)) expect(['unknown', 'unreachable']).toContain(fault);
    network.thaw();
    await back();
  });

  it('gives up connections over which nothing comes, and makes new ones', async () => {
    const task = await queue.create();
    network.freeze();
    await expect(store.tasks.find(task.id)).rejects.toMatchObject({ fault: expect.stringMatching(/^un/) });
    network.cut();
    network.thaw();
    await back();
    expect(await store.tasks.find(task.id)).toMatchObject({ id: task.id });
    await eventually(() => Promise.resolve(store.pool?.leaked === 0 ? true : null));
  });

  it('hears the others again', async () => {
    network.freeze();
    await eventually(() => Promise.resolve(store.instances?.isListening === false ? true : null), {
      timeoutMs: 20_000,
    });
    network.cut();
    network.thaw();
    await eventually(() => Promise.resolve(store.instances?.isListening === true ? true : null));
    const heard: (number | null)[] = [];
    store.commits.subscribe(({ lastEventId }) => heard.push(lastEventId));
    const { newest } = await scratch.store.events.bounds();
    await new TestQueue(scratch.store.tasks, ids).create();
    await eventually(() => Promise.resolve(heard.some((id) => (id ?? 0) > newest) ? true : null));
  });
});
