import { AuthenticateCaller, type ClaimFilter, type StoredKey } from '@task/application';
import {
  IdempotencyKeyReused,
  LeaseLost,
  newApiKey,
  TaskConflict,
  type ApiKey,
  type Task,
} from '@task/domain';
import { openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { Client } from 'pg';
import { expectSound } from '../support/checker';
import { observeStore } from '../support/checking/observed';
import { CountedIds } from '../support/counted-ids';
import { CountedKey } from '../support/counted-key';
import { eventually } from '../support/eventually';
import { FixedClock } from '../support/fixed-clock';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { RecordedQueue } from '../support/recorded-queue';
import { Recorder } from '../support/recorder';
import { SpareDatabases } from '../support/spare-databases';
import { only, TestQueue } from '../support/test-queue';

const INSTANCES = 3;
/** What whoever numbers events has locked until its commit. */
const EVENT_COUNTER = `SELECT value FROM counters WHERE name = 'event' FOR UPDATE`;

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Stores that know of each other by their database only, as on several machines. */
class Instances {
  /** Of all of them together: no id and no token is given twice. */
  readonly ids = new CountedIds();

  private constructor(
    readonly options: StoreOptions,
    readonly stores: readonly OpenStore[],
  ) {}

  static async open(options: StoreOptions): Promise<Instances> {
    return new Instances(options, await Promise.all(times(INSTANCES, () => openStore(options))));
  }

  queue(index: number): TestQueue {
    return new TestQueue(this.store(index).tasks, this.ids);
  }

  store(index: number): OpenStore {
    const store = this.stores[index % INSTANCES];
    if (store === undefined) throw new Error('no store is open');
    return store;
  }

  async sql(text: string): Promise<unknown[]> {
    return execute(this.url, text);
  }

  /** Does something while another transaction holds the locks that a statement takes. */
  async whileLocked<T>(text: string, work: (other: Client) => Promise<T>): Promise<T> {
    const other = new Client({ connectionString: this.url });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query(text);
      return await work(other);
    } finally {
      await other.end();
    }
  }

  private get url(): string {
    const { url } = this.options;
    if (url.kind !== 'postgres') throw new Error('instances share PostgreSQL only');
    return url.url;
  }
}

describe('several stores on one PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  let databases: SpareDatabases | undefined;
  let opened: Instances | undefined;
  const instances = (): Instances => {
    if (opened === undefined) throw new Error('there are stores only while a test runs');
    return opened;
  };
  const queues = (): readonly TestQueue[] => times(INSTANCES, (index) => instances().queue(index));

  beforeAll(async () => {
    postgres = await startPostgres(['-c', 'fsync=off', '-c', 'max_connections=200']);
    databases = new SpareDatabases(postgres);
  });
  beforeEach(async () => {
    if (databases !== undefined) opened = await Instances.open(await databases.take());
  });
  afterEach(async () => {
    if (opened === undefined) return;
    await Promise.all(opened.stores.map((store) => store.close()));
    databases?.giveBack(opened.options);
    opened = undefined;
  });
  afterAll(() => postgres?.stop());

  describe('the event log', () => {
    it('shows a reader of `id > last` every event once and in order, while 20 write', async () => {
      const writers = times(20, async (index) => {
        const queue = instances().queue(index);
        for (let step = 0; step < 15; step += 1) {
          await queue.create({ priority: 1 + (step % 10) });
          const task = await queue.claim({}, { workerId: `worker-${index}` });
          if (task === null) continue;
          if (step % 3 === 0) await queue.renew(task, { progress: step });
          await (step % 2 === 0 ? queue.complete(task) : queue.fail(task));
        }
      });
      const writing = { isOver: false };
      const written = Promise.all(writers).finally(() => (writing.isOver = true));
      const { events } = instances().store(1);
      const seen: number[] = [];
      for (let isLast = false; !isLast;) {
        isLast = writing.isOver;
        const page = await events.read(seen.at(-1) ?? 0, 50, {});
        seen.push(...page.events.map(({ eventId }) => eventId));
        if (page.hasMore) isLast = false;
      }
      await written;
      const { newest } = await events.bounds();
      expect(newest).toBeGreaterThan(20 * 15 * 2);
      expect(seen).toEqual(times(newest, (index) => index + 1));
      const [row] = await instances().sql(
        `SELECT count(*)::int AS rows, max(event_id)::int AS last FROM task_history`,
      );
      expect(row).toEqual({ rows: newest, last: newest });
    });

    it('is the order in which things became visible', async () => {
      const queue = instances().queue(0);
      const wrong: string[] = [];
      await Promise.all(
        times(30, async (index) => {
          const mine = instances().queue(index);
          await mine.create();
          const { newest } = await instances()
            .store(index + 1)
            .events.bounds();
          const { id } = await mine.create();
          const [event] = (await queue.store.history(id)) ?? [];
          if ((event?.eventId ?? 0) <= newest) wrong.push(id);
        }),
      );
      expect(wrong).toEqual([]);
    });
  });

  describe('keys', () => {
    const create = (index: number, secret: string, name = 'ci'): Promise<StoredKey> => {
      const id = instances().ids.keyId();
      const decide = (now: number): ApiKey => newApiKey({ name, roles: ['reader'] }, id, 'root', now);
      return instances().store(index).keys.create(decide, secret);
    };

    it('open every other instance as soon as they are made', async () => {
      await Promise.all(times(INSTANCES, (index) => instances().store(index).keys.find('nobody')));
      const { key } = await create(0, 'secret');
      const found = await Promise.all(
        times(INSTANCES, (index) => instances().store(index).keys.find('secret')),
      );
      expect(found.map((each) => each?.id)).toEqual(times(INSTANCES, () => key.id));
    });

    it('are forgotten on the other instances within seconds once they are revoked', async () => {
      const { key } = await create(0, 'secret');
      const { keys } = instances().store(1);
      const authenticate = new AuthenticateCaller(keys, () => false, new FixedClock());
      expect(await authenticate.execute('secret')).toMatchObject({ name: 'ci' });
      await instances().store(0).keys.revoke(key.id, 'root');
      await eventually(async () => ((await authenticate.execute('secret')) === null ? true : null), {
        timeoutMs: 5_000,
      });
    });

    it('have a name each, also when several instances make them at the same time', async () => {
      const made = await Promise.allSettled(times(12, (index) => create(index, `secret ${index}`)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { total } = await instances().store(0).keys.list({ withRevoked: true, limit: 10, offset: 0 });
      expect(total).toBe(1);
    });

    it('have one first of them, also when several instances start at the same time', async () => {
      const added = await Promise.all(
        times(INSTANCES, (index) =>
          instances()
            .store(index)
            .keys.addFirst(`secret ${index}`, { name: 'admin', roles: ['admin'] }),
        ),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('claims', () => {
    it('hand out each task once', async () => {
      await instances()
        .queue(0)
        .createAll(times(300, (index) => ({ priority: 1 + (index % 10), taskType: `type-${index % 7}` })));
      const filters = [{}, { taskTypes: ['type-1', 'type-2', 'type-3'] }, { taskTypes: ['type-4'] }];
      const claims = await Promise.all(
        times(120, (index) =>
          instances()
            .queue(index)
            .claimUpTo(1 + (index % 4), filters[index % 3]),
        ),
      );
      const rest = await instances().queue(0).drain();
      const claimed = [...claims.flat(), ...rest].map(({ id }) => id);
      expect(new Set(claimed).size).toBe(claimed.length);
      expect(claimed).toHaveLength(300);
    });

    it.each<[string, ClaimFilter]>([
      ['of any type', {}],
      ['of one type', { taskTypes: ['x'] }],
      ['of two types', { taskTypes: ['x', 'y'] }],
    ])('%s get what is behind all that others are about to take', async (_, filter) => {
      const queue = instances().queue(0);
      const tasks = await queue.createAll(times(104, (index) => ({ taskType: index < 50 ? 'x' : 'y' })));
      const wanted = tasks.filter(({ state }) => filter.taskTypes?.includes(state.taskType) ?? true);
      const held = wanted.length - 4;
      const first = `SELECT t.seq FROM tasks t JOIN task_groups g ON g.id = t.group_id
        WHERE g.task_type IN (${filter.taskTypes?.map((type) => `'${type}'`).join() ?? 'g.task_type'})
        ORDER BY t.seq LIMIT ${held} FOR UPDATE OF t`;
      await instances().whileLocked(first, async () => {
        const claimed = [...(await queue.claimUpTo(1, filter)), ...(await queue.claimUpTo(5, filter))];
        expect(claimed.map(({ id }) => id)).toEqual(wanted.slice(held).map(({ id }) => id));
      });
    });

    it('hand out what comes due once', async () => {
      const soon = (await instances().queue(0).now()) + 300;
      await instances()
        .queue(0)
        .createAll(times(200, () => ({ availableAt: soon })));
      const claimed = new Set<string>();
      await eventually(async () => {
        const found = await Promise.all(times(9, (index) => instances().queue(index).claimUpTo(20)));
        for (const { id } of found.flat()) {
          if (claimed.has(id)) throw new Error(`${id} was handed out twice`);
          claimed.add(id);
        }
        return claimed.size === 200 ? true : null;
      });
    });
  });

  describe('an idempotency key', () => {
    it('creates once, whichever stores it comes to at the same moment', async () => {
      for (let round = 0; round < 20; round += 1) {
        const key = new CountedKey(`create ${round}`);
        const answers = await Promise.all(queues().map((queue) => queue.createAll([{}], key)));
        expect(new Set(answers.map((tasks) => only(tasks).id)).size).toBe(1);
        expect(key.replays).toBe(INSTANCES - 1);
      }
      expect(await instances().queue(0).store.countByStatus()).toMatchObject({ waiting: 20 });
    });

    it('claims once', async () => {
      await instances()
        .queue(0)
        .createAll(times(60, () => ({})));
      for (let round = 0; round < 20; round += 1) {
        const key = new CountedKey(`claim ${round}`);
        const answers = await Promise.all(queues().map((queue) => queue.claimUpTo(1, {}, {}, key)));
        expect(new Set(answers.map((tasks) => only(tasks).state.lease?.token)).size).toBe(1);
      }
      expect(await instances().queue(0).store.countByStatus()).toMatchObject({ waiting: 40, working: 20 });
    });

    it('stands for one request, whichever store hears it first', async () => {
      const key = new CountedKey('k');
      const outcomes = await Promise.allSettled(
        queues().map((queue, index) => queue.createAll([{}], index === 0 ? key : key.forAnother())),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      for (const { reason } of refused) expect(reason).toBeInstanceOf(IdempotencyKeyReused);
      expect(await instances().queue(0).all()).toHaveLength(1);
    });

    it('is known to all of them afterwards', async () => {
      const key = new CountedKey('k');
      const { id } = only(await instances().queue(0).createAll([{}], key));
      for (const queue of queues()) expect(only(await queue.createAll([{}], key)).id).toBe(id);
      expect(key.replays).toBe(INSTANCES);
    });
  });

  describe('holders and sweeps', () => {
    const overdue = async (count: number): Promise<readonly Task[]> => {
      const queue = instances().queue(0);
      await queue.createAll(times(count, () => ({})));
      const tasks = await queue.claimUpTo(count, {}, { lengthMs: 1 });
      const last = Math.max(...tasks.map(({ state }) => state.lease?.expiresAt ?? 0));
      await eventually(async () => ((await queue.now()) >= last ? true : null), { pauseMs: 5 });
      return tasks;
    };

    it('let a lease lapse once, however many sweep at the same moment', async () => {
      await overdue(100);
      const taken = await Promise.all(times(9, (index) => instances().queue(index).lapse(40)));
      const rest = await instances().queue(0).lapse();
      expect(taken.reduce((sum, count) => sum + count, rest)).toBe(100);
      const events = await instances().queue(0).events();
      expect(events.filter(({ command }) => command === 'expire')).toHaveLength(100);
    });

    it('agree about who was in time', async () => {
      const tasks = await overdue(60);
      const completions = tasks.map((task, index) => instances().queue(index).complete(task));
      const sweeps = times(6, (index) =>
        instances()
          .queue(index + 1)
          .lapse(20),
      );
      const outcomes = await Promise.allSettled(completions);
      const taken = (await Promise.all(sweeps)).reduce((sum, count) => sum + count, 0);
      const completed = outcomes.filter(({ status }) => status === 'fulfilled').length;
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LeaseLost);
      }
      expect(completed + taken).toBe(60);
      expect(await instances().queue(0).store.countByStatus()).toMatchObject({ completed, waiting: taken });
    });

    it('finish a task once', async () => {
      const queue = instances().queue(0);
      await queue.createAll(times(10, () => ({})));
      for (const task of await queue.claimUpTo(10)) {
        const ends = [instances().queue(0).complete(task), instances().queue(1).fail(task)];
        const outcomes = await Promise.allSettled(ends);
        const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
        expect(refused).toHaveLength(1);
        expect(refused[0]?.reason).toBeInstanceOf(TaskConflict);
        expect(await queue.history(task)).toHaveLength(3);
      }
    });
  });

  it('count each dependency once, though all tell of it at the same time', async () => {
    const [queue, ...others] = queues() as [TestQueue, ...TestQueue[]];
    const first = await queue.createAll(times(5, () => ({})));
    const behind = await queue.createAllOn(first, 120);
    for (const task of await queue.claimUpTo(5)) await queue.complete(task);
    for (let left = Infinity; left > 0;) {
      left = Math.max(...(await Promise.all([queue, ...others].map((each) => each.tell(7)))));
    }
    await queue.tellAll();
    const stored = await Promise.all(behind.map((task) => queue.stored(task)));
    expect(new Set(stored.map(({ state }) => `${state.gate} ${state.needs?.pending}`))).toEqual(
      new Set(['ready 0']),
    );
    const edges = await queue.store.dependenciesOf([behind[0]?.id ?? ''], 0);
    expect(edges.get(behind[0]?.id ?? '')?.every(({ isSettled }) => isSettled)).toBe(true);
  });

  it('leave a sound database behind, whatever they do at the same moment', async () => {
    const recorder = new Recorder();
    await Promise.all(
      times(12, async (client) => {
        const queue = instances().queue(client);
        const recorded = new RecordedQueue(queue, recorder);
        for (let step = 0; step < 12; step += 1) {
          await recorded.create(1 + ((step * client) % 10));
          const task = await recorded.claim();
          if (task === null) continue;
          if (step % 4 === 0) await Promise.allSettled([recorded.complete(task), recorded.cancel(task)]);
          if (step % 4 === 1) await Promise.allSettled([recorded.fail(task), recorded.retry(task)]);
          if (step % 4 === 2) await Promise.allSettled([recorded.release(task), queue.renew(task)]);
          if (step % 4 === 3) await Promise.allSettled([recorded.cancel(task), recorded.complete(task)]);
        }
      }),
    );
    const { tasks } = instances().store(0);
    const observed = await observeStore(tasks);
    expectSound(recorder.log, observed);
    const counts = await tasks.countByStatus();
    for (const [status, count] of Object.entries(counts)) {
      expect([status, observed.tasks.filter((task) => task.status === status).length]).toEqual([
        status,
        count,
      ]);
    }
  });

  describe('that write the same rows in different orders', () => {
    const ROUNDS = 15;

    it('renew leases of the same workers', async () => {
      const queue = instances().queue(0);
      await queue.createAll(times(60, () => ({})));
      const tasks: Task[] = [];
      for (let index = 0; index < 60; index += 1) {
        tasks.push(await queue.claimed({}, { workerId: `worker-${index % 30}` }));
      }
      for (let round = 0; round < ROUNDS; round += 1) {
        const there = tasks.slice(0, 30).map((task) => instances().queue(0).renew(task));
        const back = tasks
          .slice(30)
          .reverse()
          .map((task) => instances().queue(1).renew(task));
        await Promise.all([...there, ...back]);
      }
      expect((await queue.stored(only(tasks.slice(0, 1)))).status).toBe('working');
    });

    it('renew leases while another one numbers events', async () => {
      const queue = instances().queue(0);
      await queue.create();
      const task = await queue.claimed();
      await instances().whileLocked(EVENT_COUNTER, () => queue.renew(task));
    });

    it('write workers behind all that they may have to wait for', async () => {
      const queue = instances().queue(0);
      await queue.create();
      const task = await queue.claimed({}, { workerId: 'worker' });
      await instances().whileLocked(EVENT_COUNTER, async (other) => {
        const writes = [queue.renew(task), instances().store(0).concurrencyKeys.setLimit('deploy', 2)];
        await eventually(async () => {
          const { rowCount } = await other.query('SELECT 1 FROM pg_locks WHERE NOT granted');
          return rowCount === 0 ? null : true;
        });
        await other.query(`UPDATE workers SET claimed = claimed WHERE name = 'worker'`);
        await other.query('COMMIT');
        await Promise.all(writes);
      });
    });

    it('make due tasks of the same kinds ready', async () => {
      const taken = { tasks: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        const soon = (await instances().queue(0).now()) + 20;
        const drafts = times(40, (index) => ({
          ...{ availableAt: soon, taskType: `type-${index % 20}`, priority: 1 + (index % 10) },
        }));
        await instances().queue(0).createAll(drafts);
        await instances()
          .queue(1)
          .createAll([...drafts].reverse());
        await eventually(async () => {
          const found = await Promise.all(times(6, (index) => instances().queue(index).claimUpTo(20)));
          taken.tasks += found.flat().length;
          return taken.tasks === 80 * (round + 1) ? true : null;
        });
      }
      expect(taken.tasks).toBe(80 * ROUNDS);
    });

    it('cancel what others claim', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const tasks = await instances()
          .queue(2)
          .createAll(times(20, () => ({})));
        const cancels = [...tasks].reverse().map((task, index) =>
          instances()
            .queue(index % 2)
            .cancel(task),
        );
        const claims = times(4, (index) => instances().queue(index).claimUpTo(5));
        await Promise.all([...cancels, ...claims]);
      }
      const { cancelled } = await instances().queue(0).store.countByStatus();
      expect(cancelled).toBe(20 * ROUNDS);
    });
  });

  it('were never torn out of a deadlock, which costs all those in it a second', async () => {
    const [row] = await instances().sql('SELECT sum(deadlocks)::int AS deadlocks FROM pg_stat_database');
    expect(row).toEqual({ deadlocks: 0 });
  });
});
