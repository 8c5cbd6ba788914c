import { createHash } from 'node:crypto';
import { newApiKey } from '@task/domain';
import { createDataSource, migrateStore, openStore, type OpenStore } from '@task/infrastructure';
import type { DataSource, MigrationInterface } from 'typeorm';
import { uuid } from '../support/counted-ids';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { scratchPostgres, scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';

const NAME = 'KeysAndAudit1764200000000';
const DRAFT = { name: 'ci', roles: ['producer'] } as const;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres.stop();
});

describe.each<[string, () => Promise<ScratchDatabase>]>([
  ['SQLite', () => scratchSqlite()],
  ['PostgreSQL', () => scratchPostgres(postgres)],
])('keys and the audit log on %s', (_, scratch) => {
  let database: ScratchDatabase;

  beforeEach(async () => {
    database = await scratch();
    await migrateStore(database.options);
  });

  afterEach(() => database.remove());

  async function withSource<T>(
    use: (source: DataSource, migration: MigrationInterface) => Promise<T>,
  ): Promise<T> {
    const source = await createDataSource(database.options).initialize();
    try {
      const migration = source.migrations.find(({ name }: MigrationInterface) => name === NAME);
      if (migration === undefined) throw new Error(`there is no migration ${NAME}`);
      return await use(source, migration);
    } finally {
      await source.destroy();
    }
  }

  async function withStore<T>(use: (store: OpenStore) => Promise<T>): Promise<T> {
    const store = await openStore(database.options);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** Takes the migration back, does something to the former tables, and runs it again. */
  const again = (between: (source: DataSource) => Promise<unknown>): Promise<void> =>
    withSource(async (source, migration) => {
      const runner = source.createQueryRunner();
      await migration.down(runner);
      await between(source);
      await migration.up(runner);
      await runner.release();
    });

  it('leaves the keys that were there valid', async () => {
    const hash = createHash('sha256').update('to_former').digest('hex');
    await again((source) =>
      source.query(
        `INSERT INTO api_keys (name, hash, roles, created_at) VALUES ('admin', '${hash}', 'admin,reader', 7)`,
      ),
    );
    await withStore(async ({ keys }) => {
      const found = await keys.find('to_former');
      expect(found).toMatchObject({ name: 'admin', roles: ['admin', 'reader'], expiresAt: null });
      const { keys: listed } = await keys.list({ withRevoked: true, limit: 10, offset: 0 });
      expect(listed).toMatchObject([{ createdAt: 7, createdBy: null, lastUsedAt: null, revokedAt: null }]);
      expect(listed[0]?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(await keys.addFirst('another', { name: 'x', roles: ['admin'] })).toBe(false);
      await keys.revoke(found?.id ?? '', 'root');
      expect(await keys.find('to_former')).toBeNull();
    });
  });

  it('brings no key back to life when it is undone', async () => {
    await withStore(async ({ keys }) => {
      await keys.create((now) => newApiKey(DRAFT, uuid(1), 'root', now), 'revoked');
      await keys.revoke(uuid(1), 'root');
      await keys.create((now) => newApiKey(DRAFT, uuid(2), 'root', now), 'good');
      await keys.create(
        (now) => newApiKey({ ...DRAFT, name: 'short', expiresInDays: 1 }, uuid(3), 'root', now),
        'expiring',
      );
    });
    await again(() => Promise.resolve());
    await withStore(async ({ keys }) => {
      expect(await keys.find('good')).toMatchObject({ name: 'ci' });
      expect([await keys.find('revoked'), await keys.find('expiring')]).toEqual([null, null]);
    });
  });

  it.each(['UPDATE audit_log SET actor = NULL', 'DELETE FROM audit_log'])(
    'refuses to change what was written down: %s',
    async (sql) => {
      await withStore(({ audit }) =>
        audit.record({ actor: 'root', action: 'key.create', outcome: 'done', target: 'k' }),
      );
      await withSource((source) => expect(source.query(sql)).rejects.toThrow('only added'));
      await withStore(async ({ audit }) =>
        expect((await audit.list({}, 10, null)).entries).toMatchObject([{ actor: 'root' }]),
      );
    },
  );
});
