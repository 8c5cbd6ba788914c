import { StoreUnavailable } from '@task/application';
import { openStore, type OpenStore } from '@task/infrastructure';
import { CountedIds } from '../support/counted-ids';
import { eventually } from '../support/eventually';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { TestQueue } from '../support/test-queue';

const ids = new CountedIds();

/** One question to each port, reads and writes. */
const QUESTIONS: readonly [string, (store: OpenStore) => Promise<unknown>][] = [
  ['create', ({ tasks }) => new TestQueue(tasks, ids).create()],
  ['claim', ({ tasks }) => new TestQueue(tasks).claim()],
  ['lapse', ({ tasks }) => new TestQueue(tasks).lapse()],
  ['forgetOutcomes', ({ tasks }) => tasks.forgetOutcomes(1)],
  ['find', ({ tasks }) => tasks.find('00000000-0000-4000-8000-000000000001')],
  ['nextDueAt', ({ tasks }) => tasks.nextDueAt()],
  ['placeInLine', ({ tasks }) => tasks.placeInLine('00000000-0000-4000-8000-000000000001')],
  ['countByStatus', ({ tasks }) => tasks.countByStatus()],
  ['ping', ({ tasks }) => tasks.ping()],
  ['events.read', ({ events }) => events.read(0, 10, {})],
  ['events.bounds', ({ events }) => events.bounds()],
  ['workers.list', ({ workers }) => workers.list(10, 0)],
  ['workers.find', ({ workers }) => workers.find('worker-1')],
  ['keys.find', ({ keys }) => keys.find('secret')],
  ['keys.addFirst', ({ keys }) => keys.addFirst('secret', { name: 'first', roles: ['admin'] })],
];

describe('a store whose PostgreSQL is away', () => {
  let postgres: TestPostgres | undefined;
  let store: OpenStore | undefined;
  const opened = (): OpenStore => {
    if (store === undefined) throw new Error('there is a store only while a test runs');
    return store;
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    store = await openStore(await new SpareDatabases(postgres).take());
    await new TestQueue(store.tasks, ids).create();
    await postgres.halt();
  });
  afterAll(async () => {
    await store?.close();
    await postgres?.stop();
  });

  it.each(QUESTIONS)('says so in the port’s words: %s', async (_, question) => {
    await expect(question(opened())).rejects.toThrow(StoreUnavailable);
  });

  it('answers again when it is back', async () => {
    await postgres?.resume();
    for (const [, question] of QUESTIONS) {
      await eventually(async () =>
        question(opened()).then(
          () => true,
          () => null,
        ),
      );
    }
    const { waiting, working } = await opened().tasks.countByStatus();
    expect(waiting + working).toBe(
      (await opened().events.read(0, 100, { commands: ['create'] })).events.length,
    );
  });
});
