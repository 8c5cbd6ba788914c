import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@task/application';
import { migrateStore, openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import type { TestPostgres } from './postgres';

/** An empty database of a test's own, without a schema. */
export interface ScratchDatabase {
  readonly options: StoreOptions;
  remove(): Promise<void>;
}

/** A migrated database of a test's own, and a store that is open on it. */
export interface ScratchStore extends ScratchDatabase {
  readonly store: OpenStore;
}

/** @param clock the time of this store; the machine's when there is none */
export async function scratchSqlite(
  clock?: Clock,
): Promise<ScratchDatabase & { readonly path: string; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-'));
  const path = join(folder, 'tasks.db');
  return {
    path,
    folder,
    options: {
      url: { kind: 'sqlite', path },
      maxConnections: 1,
      timeoutMs: 5_000,
      commandTimeoutMs: 20_000,
      ...(clock !== undefined && { clock }),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A database on a server that is running; it goes with the server. */
export async function scratchPostgres(
  postgres: TestPostgres,
): Promise<ScratchDatabase & { readonly url: string }> {
  const url = await postgres.createDatabase();
  return {
    url,
    options: {
      url: { kind: 'postgres', url },
      maxConnections: 10,
      timeoutMs: 10_000,
      commandTimeoutMs: 20_000,
    },
    remove: () => Promise.resolve(),
  };
}

/** Brings the schema into an empty database and opens it; closed before it is removed. */
export async function openScratch<T extends ScratchDatabase>(database: T): Promise<T & ScratchStore> {
  await migrateStore(database.options);
  const store = await openStore(database.options);
  return {
    ...database,
    store,
    remove: async () => {
      await store.close();
      await database.remove();
    },
  };
}
