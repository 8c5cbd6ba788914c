import Sqlite from 'better-sqlite3';
import { JsonDocument, newApiKey, Retention } from '@task/domain';
import {
  createDataSource,
  migrateStore,
  moveBetween,
  MoveFailure,
  openStore,
  type MovePhase,
  type OpenStore,
  type StoreOptions,
} from '@task/infrastructure';
import { CountedIds, uuid } from '../support/counted-ids';
import { CountedKey } from '../support/counted-key';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import {
  openScratch,
  scratchPostgres,
  scratchSqlite,
  type ScratchDatabase,
} from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { archiveAll } from './archive/ended-tasks';
import { readAll } from './event-log.contract';

const AT_ONCE = new Retention(0);
const nobody = (): void => undefined;

let postgres: TestPostgres;
const made: ScratchDatabase[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(async () => {
  for (const database of made.splice(0)) await database.remove();
});
afterAll(() => postgres.stop());

async function scratch(kind: 'SQLite' | 'PostgreSQL'): Promise<StoreOptions> {
  const database = kind === 'SQLite' ? await scratchSqlite() : await scratchPostgres(postgres);
  made.push(database);
  return database.options;
}

/** Something of everything that a service keeps. */
async function fill(options: StoreOptions, ids: CountedIds): Promise<void> {
  const { store } = await openScratch({ options, remove: () => Promise.resolve() });
  const queue = new TestQueue(store.tasks, ids);
  await queue.createAll([
    { priority: 10, tags: ['alt'] },
    { priority: 10, maxRetries: 0 },
  ]);
  await queue.complete(await queue.claimed(), JsonDocument.of({ 输出: '已归档 🎉' }));
  await queue.fail(await queue.claimed());
  await archiveAll(store, AT_ONCE);
  await queue.createAll(
    [
      {
        workDirectory: '/srv//项目/',
        kbId: '知识库',
        tags: ['β', 'a'],
        taskType: 'build',
        prompt: 'línea\n“uno” \u{1f680}',
      },
      {
        payload: JsonDocument.of({ big: '字'.repeat(70_000), __proto__: 1 }),
        metadata: JsonDocument.of({ x: [null, 1.5] }),
      },
      { workDirectory: 'C:\\work\\', priority: 1, timeoutSeconds: 60, autoRetry: true },
      { workDirectory: null, prompt: null, payload: JsonDocument.of({}), availableAt: Date.UTC(2099, 0) },
      { priority: 2 },
      { priority: 3, tags: ['a'] },
    ],
    new CountedKey('create'),
  );
  await queue.complete(await queue.claimed(), JsonDocument.of(['ok']));
  await queue.fail(await queue.claimed(), { errorMessage: '磁盘已满', retryable: false });
  await queue.renew(await queue.claimed(), { progress: 40, message: '进行中' });
  const [waiting] = await queue.all({ status: 'waiting', tags: { names: ['a'], mode: 'all' } });
  if (waiting !== undefined) await queue.cancel(waiting, '够了');
  await queue.fail(await queue.claimed());
  await store.keys.create(
    (now) => newApiKey({ name: '钥匙', roles: ['worker'] }, uuid(900), 'root', now),
    'secret-1',
  );
  await store.keys.create(
    (now) => newApiKey({ name: 'old', roles: ['admin'] }, uuid(901), 'root', now),
    'secret-2',
  );
  await store.keys.revoke(uuid(901), 'root');
  await store.audit.record({
    actor: 'root',
    action: 'key.create',
    outcome: 'done',
    target: uuid(900),
    details: { name: '钥匙' },
  });
  await store.settings.write(new Map([['LEASE_SECONDS', 77]]));
  await store.workers.see('工作者-9', { aborted: false });
  await store.close();
}

/** How many tasks it makes. */
const TASKS = 8;

/** Whatever can be read of a store. */
async function contentOf(store: OpenStore): Promise<unknown> {
  const known = Array.from({ length: TASKS }, (_, index) => uuid(index + 1));
  const span = { from: 0, to: Math.ceil((Date.now() + 60_000) / 60_000) * 60_000 };
  const sort = { by: 'created_at', order: 'asc' } as const;
  const { tasks, total } = await store.tasks.list({ filter: {}, sort, limit: 100, offset: 0, after: null });
  return {
    tasks: await Promise.all(known.map((id) => store.tasks.find(id))),
    histories: await Promise.all(known.map((id) => store.tasks.history(id))),
    places: await Promise.all(known.map((id) => store.tasks.placeInLine(id))),
    listed: [tasks, total],
    byTag: (
      await store.tasks.list({
        filter: { tags: { names: ['a'], mode: 'all' } },
        sort,
        limit: 9,
        offset: 0,
        after: null,
      })
    ).tasks,
    nextDueAt: await store.tasks.nextDueAt(),
    events: await readAll(store.events),
    bounds: await store.events.bounds(),
    counts: [
      await store.tasks.countByStatus(),
      (await store.statistics.counts()).toSorted(
        (a, b) => a.priority - b.priority || (a.status < b.status ? -1 : 1),
      ),
      await store.statistics.types({}, 10),
      await store.statistics.moments('minute', span),
      await store.statistics.moments('hour', { from: 0, to: Math.ceil(span.to / 3_600_000) * 3_600_000 }),
      await store.statistics.durationsWithin(span),
      await store.statistics.durationsOf('build'),
    ],
    workers: await store.workers.list(10, 0),
    keys: [
      await store.keys.list({ withRevoked: true, limit: 10, offset: 0 }),
      await store.keys.find('secret-1'),
      await store.keys.find('secret-2'),
    ],
    audit: await store.audit.list({}, 10, null),
    settings: [...(await store.settings.read())],
  };
}

async function read(options: StoreOptions): Promise<unknown> {
  const store = await openStore(options);
  try {
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

describe.each([
  ['SQLite', 'PostgreSQL'],
  ['PostgreSQL', 'SQLite'],
] as const)('data moved from %s to %s', (fromKind, toKind) => {
  let from: StoreOptions;
  let to: StoreOptions;
  let ids: CountedIds;

  beforeEach(async () => {
    ids = new CountedIds();
    [from, to] = [await scratch(fromKind), await scratch(toKind)];
    await fill(from, ids);
  });

  it('are the same there, all of them', async () => {
    const before = await read(from);
    const { rows } = await moveBetween(from, to, nobody);
    expect(rows).toBeGreaterThan(50);
    expect(await read(to)).toEqual(before);
    expect(await read(from)).toEqual(before);
  });

  it('go on there: new tasks, events, keys and names come behind what was moved', async () => {
    await moveBetween(from, to, nobody);
    const store = await openStore(to);
    const queue = new TestQueue(store.tasks, ids);
    const { newest } = await store.events.bounds();
    const key = new CountedKey('create');
    await queue.createAll([{}], key);
    expect(key.replays).toBe(1);
    const task = await queue.create({ workDirectory: '/new', tags: ['new'], priority: 10 });
    expect((await queue.history(task)).map(({ eventId }) => eventId)).toEqual([newest + 1]);
    expect((await queue.claimed()).id).toBe(task.id);
    await store.keys.create(
      (now) => newApiKey({ name: 'new', roles: ['reader'] }, uuid(950), 'root', now),
      'secret-3',
    );
    await store.audit.record({ actor: null, action: 'access.refused', outcome: 'refused', target: null });
    const { entries } = await store.audit.list({}, 10, null);
    expect(entries).toHaveLength(2);
    expect(await queue.all({ tags: { names: ['new'], mode: 'all' } })).toHaveLength(1);
    await store.close();
  });

  it.each(['copying', 'verifying'] as const)(
    'are moved to the end when it was broken off while %s',
    async (phase) => {
      const before = await read(from);
      let calls = 0;
      const breakOff = (at: MovePhase): void => {
        if (at === phase && (calls += 1) === 5) throw new Error('the power went');
      };
      await expect(moveBetween(from, to, breakOff)).rejects.toThrow('the power went');
      await expect(migrateStore(to)).rejects.toThrow(/not all are there/);
      const steps: (readonly [MovePhase, number])[] = [];
      const { rows } = await moveBetween(from, to, (at, done) => steps.push([at, done]));
      expect(await read(to)).toEqual(before);
      // Nothing is copied twice.
      const [first] = steps;
      expect(first?.[1]).toBeGreaterThan(phase === 'copying' ? 4 : rows - 1);
    },
  );

  it('are put over nothing', async () => {
    await fill(to, new CountedIds());
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(
      /the target is not empty: there are \w+ in it/,
    );
  });

  it('are not mixed with those of a move that was broken off and whose source went on', async () => {
    const breakOff = (): void => {
      throw new Error('the power went');
    };
    await expect(moveBetween(from, to, breakOff)).rejects.toThrow('the power went');
    const store = await openStore(from);
    await new TestQueue(store.tasks, ids).create();
    await store.close();
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(/the source has changed since/);
  });
});

describe('a move of data', () => {
  const change = async (options: StoreOptions, sql: string): Promise<void> => {
    if (options.url.kind === 'postgres') {
      await execute(options.url.url, sql);
      return;
    }
    const db = new Sqlite(options.url.path);
    db.exec(sql);
    db.close();
  };

  it.each([
    ['a value', `UPDATE task_bodies SET prompt = 'another'`],
    ['a row', 'DELETE FROM leases'],
  ])('does not end when the target lost %s meanwhile', async (_, sql) => {
    const ids = new CountedIds();
    const [from, to] = [await scratch('SQLite'), await scratch('PostgreSQL')];
    await fill(from, ids);
    const breakOff = (phase: MovePhase): void => {
      if (phase === 'verifying') throw new Error('the power went');
    };
    await expect(moveBetween(from, to, breakOff)).rejects.toThrow('the power went');
    await change(to, sql);
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(/is not the same on both sides/);
    await expect(migrateStore(to)).rejects.toThrow(MoveFailure);
  });

  it('waits for no service: it refuses while one has PostgreSQL open', async () => {
    const [from, to] = [await scratch('PostgreSQL'), await scratch('SQLite')];
    await migrateStore(from);
    const service = await createDataSource(from).initialize();
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(/a service has the source open/);
    await service.destroy();
    await expect(moveBetween(from, to, nobody)).resolves.toMatchObject({ rows: 0 });
  });

  it('needs a source with the schema of this release', async () => {
    const [from, to] = [await scratch('SQLite'), await scratch('PostgreSQL')];
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(/holds no tasks of this program/);
    await migrateStore(from);
    await change(from, `DELETE FROM migrations WHERE name LIKE 'Archive%'`);
    await expect(moveBetween(from, to, nobody)).rejects.toThrow(/schema of another release/);
  });
});
