import { Client } from 'pg';
import { StoreUnavailable } from '@task/application';
import { Task } from '@task/domain';
import { openStore } from '@task/infrastructure';
import { ACTOR, draft, NOW } from '../support/builders';
import { startPostgres, type TestPostgres } from '../support/postgres';
import {
  openScratch,
  scratchPostgres,
  scratchSqlite,
  type ScratchDatabase,
  type ScratchStore,
} from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { faultsIn } from './faults-in';

/** Text that a door refuses, should it ever come through one: PostgreSQL stores no NUL. */
const UNSTORABLE = 'a\0b';

describe('commands that share a group', () => {
  let postgres: TestPostgres;
  let scratch: ScratchStore;
  let queue: TestQueue;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  afterEach(async () => {
    await scratch.remove();
  });

  it.each<[string, () => Promise<ScratchDatabase>]>([
    ['SQLite', () => scratchSqlite()],
    ['PostgreSQL', () => scratchPostgres(postgres)],
  ])('do not fall with one that fails, nor with the names that it took back, on %s', async (_, database) => {
    scratch = await openScratch(await database());
    queue = new TestQueue(scratch.store.tasks);
    const taken = await queue.create();
    const fresh = { workDirectory: '/srv/new', tags: ['new'] };
    const again = Task.create(draft(fresh), taken.id, ACTOR, NOW);
    const answers = await Promise.allSettled([
      queue.create(fresh),
      queue.store.insert(() => [again], { aborted: false }),
      queue.create(fresh),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await queue.create(fresh);
    expect(await queue.all({ directoryContains: '/srv/new' })).toHaveLength(3);
    expect(await queue.all({ tags: { names: ['new'], mode: 'all' } })).toHaveLength(3);
    expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2, 3, 4]);
  });

  it('do not fall with one that PostgreSQL cannot store', async () => {
    scratch = await openScratch(await scratchPostgres(postgres));
    queue = new TestQueue(scratch.store.tasks);
    const [first, second] = await queue.createAll([{}, {}]);
    if (first === undefined || second === undefined) throw new Error('too few tasks');
    const answers = await Promise.allSettled([
      queue.create({ tags: ['new'] }),
      queue.cancel(first, UNSTORABLE),
      queue.create({ workDirectory: '/srv/new' }),
      queue.claimUpTo(1, {}, { workerId: UNSTORABLE }),
      queue.cancel(second),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(reasons.filter((reason) => reason instanceof StoreUnavailable)).toEqual([]);
    expect((await queue.stored(first)).state).toEqual(first.state);
    expect(await queue.store.countByStatus()).toMatchObject({ waiting: 3, cancelled: 1 });
    expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2, 3, 4, 5]);
  });

  it('are refused as overloaded when a lock of PostgreSQL does not come free, and nothing of them is stored', async () => {
    const database = await openScratch(await scratchPostgres(postgres));
    scratch = database;
    queue = new TestQueue(database.store.tasks);
    const task = await queue.create();
    const impatient = await openStore({ ...database.options, timeoutMs: 1_500 });
    const hasty = new TestQueue(impatient.tasks, queue.ids);
    const other = new Client({ connectionString: database.url });
    await other.connect();
    await other.query('BEGIN; SELECT FROM tasks FOR UPDATE');
    const asked = await Promise.allSettled([hasty.cancel(task), hasty.create()]);
    await other.query('COMMIT');
    await other.end();

    expect(faultsIn(asked)).toEqual(['overloaded', 'overloaded']);
    expect((await queue.all()).map(({ state }) => state)).toEqual([task.state]);
    expect((await hasty.cancel(task)).status).toBe('cancelled');
    await impatient.close();
  });
});
