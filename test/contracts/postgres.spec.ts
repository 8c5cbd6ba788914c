import { migrateStore, openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { describeKeyStore } from './key-store.contract';
import { describeTaskStore } from './task-store.contract';

const LIMITS = { maxConnections: 10, timeoutMs: 10_000, commandTimeoutMs: 20_000 };

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres.stop();
});

/** A migrated database of a test's own. */
async function openScratch(): Promise<OpenStore & { readonly options: StoreOptions }> {
  const options: StoreOptions = {
    ...LIMITS,
    url: { kind: 'postgres', url: await postgres.createDatabase() },
  };
  await migrateStore(options);
  return { ...(await openStore(options)), options };
}

describeTaskStore(
  'PostgreSQL',
  async () => {
    const first = await openScratch();
    let opened: OpenStore = first;
    return {
      store: opened.tasks,
      reopen: async () => {
        await opened.close();
        opened = await openStore(first.options);
        return opened.tasks;
      },
      close: () => opened.close(),
    };
  },
  { reopens: true },
);

describeKeyStore('PostgreSQL', openScratch);
