import { setImmediate } from 'node:timers/promises';
import { StoreUnavailable } from '@task/application';
import { openStore } from '@task/infrastructure';
import { expectSound } from '../support/checker';
import { observeStore } from '../support/checking/observed';
import { eventually } from '../support/eventually';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { RecordedQueue } from '../support/recorded-queue';
import { Recorder } from '../support/recorder';
import { openScratch, scratchPostgres, type ScratchStore } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { faultsIn } from './faults-in';

const CLIENTS = 8;
/** Whoever is connected to the database is no more. */
const CUT_OFF = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

describe('a store whose PostgreSQL is stopped', () => {
  let postgres: TestPostgres;
  let scratch: ScratchStore & { readonly url: string };
  let queue: TestQueue;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  beforeEach(async () => {
    scratch = await openScratch(await scratchPostgres(postgres));
    queue = new TestQueue(scratch.store.tasks);
  });

  afterEach(async () => {
    await scratch.remove();
  });

  it('says so to everybody, and works again with the first command after its return', async () => {
    const before = await queue.create();
    await postgres.halt();
    const asked = await Promise.allSettled([
      queue.create(),
      queue.create(),
      queue.cancel(before),
      queue.claim(),
      queue.store.find(before.id),
      queue.store.history(before.id),
      queue.all(),
      queue.store.countByStatus(),
      queue.store.ping(),
    ]);
    await postgres.resume();

    expect(faultsIn(asked)).toEqual(asked.map(() => 'unreachable'));
    const after = await queue.create();
    expect((await queue.all()).map(({ id }) => id)).toEqual([before.id, after.id]);
    expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2]);
  });

  it('does not notice when it was away while nobody asked', async () => {
    const task = await queue.create();
    await postgres.halt();
    await postgres.resume();
    expect((await queue.claimed()).id).toBe(task.id);
    await postgres.halt();
    await postgres.resume();
    expect((await queue.stored(task)).status).toBe('working');
  });

  it('can be closed while it is away', async () => {
    const second = await openStore(scratch.options);
    await new TestQueue(second.tasks, queue.ids).create();
    await postgres.halt();
    await expect(second.close()).resolves.toBeUndefined();
    await postgres.resume();
    expect(await queue.all()).toHaveLength(1);
  });

  const cutOff = async (): Promise<void> => {
    await execute(scratch.url, CUT_OFF);
  };
  it.each<[string, () => Promise<unknown>, () => Promise<void>]>([
    ['is stopped', () => postgres.halt(), () => postgres.resume()],
    ['crashes', () => postgres.crash(), () => postgres.resume()],
    ['cuts every connection off', cutOff, () => Promise.resolve()],
  ])(
    'keeps what it acknowledged, and nothing that it refused, when it %s in the middle of work',
    async (_, go, comeBack) => {
      const recorder = new Recorder();
      const work = { isOver: false, done: 0, broken: 0 };
      const clients = Array.from({ length: CLIENTS }, () => workOn(new RecordedQueue(queue, recorder), work));
      const isBroken = async (): Promise<true | null> => {
        // A cut between two transactions breaks nothing: the next one is on another connection.
        if (work.broken === 0 && go === cutOff) await cutOff();
        return work.broken > 0 ? true : null;
      };
      const reach = (done: number): Promise<true> =>
        eventually(() => Promise.resolve(work.done >= done ? true : null));

      try {
        await reach(50);
        await go();
        await eventually(isBroken);
        await comeBack();
        await reach(work.done + 50);
      } finally {
        work.isOver = true;
      }
      await Promise.all(clients);

      const observed = await observeStore(queue.store);
      expectSound(recorder.log, observed);
      const events = observed.transitions.map(({ eventId }) => eventId).sort((a, b) => a - b);
      expect(events).toEqual(events.map((_, index) => index + 1));
    },
  );
});

interface Work {
  isOver: boolean;
  done: number;
  broken: number;
}

/** Creates, claims and completes until it is told to stop; takes nothing but an unavailable store for an answer. */
async function workOn(queue: RecordedQueue, work: Work): Promise<void> {
  while (!work.isOver) {
    try {
      await queue.create();
      const task = await queue.claim();
      if (task !== null) await queue.complete(task);
      work.done += 1;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      work.broken += 1;
      // A store that is closed refuses at once: whoever only asks again lets nobody else have a turn.
      await setImmediate();
    }
  }
}
