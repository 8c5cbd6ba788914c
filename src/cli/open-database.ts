import type { Call } from '@task/application';
import {
  loadSettings,
  migrateStore,
  openStore,
  OwnerLock,
  parseDatabaseUrl,
  type LoadedSettings,
  type OpenStore,
} from '@task/infrastructure';
import type { CommandContext } from './context';
import { storeOptionsOf } from './core';
import { reachDatabase } from './reach-database';

/** Whoever can open the database is its operator. */
export const OPERATOR: Call = { actor: 'operator', signal: { aborted: false } };

/** A database that a command has opened for itself. */
export interface OpenDatabase {
  readonly store: OpenStore;
  readonly loaded: LoadedSettings;
  close(): Promise<void>;
}

/**
 * Opens the database of the settings, with its schema brought up to date. A SQLite file has one owner: this command, for
 * as long as it lasts.
 * @throws DatabaseHasOwner, StartFailure
 */
export async function openDatabase(context: CommandContext): Promise<OpenDatabase> {
  const loaded = loadSettings(context);
  const url = parseDatabaseUrl(loaded.settings.databaseUrl, context.cwd);
  const lock = url.kind === 'sqlite' ? await reachDatabase(url, () => OwnerLock.acquire(url.path)) : null;
  try {
    // One command needs a connection or two, and no more are kept for it.
    const options = { ...storeOptionsOf(loaded.settings, url), minConnections: 0 };
    const store = await reachDatabase(url, async () => {
      await migrateStore(options);
      return openStore(options);
    });
    const close = async (): Promise<void> => {
      await store.close();
      lock?.release();
    };
    return { store, loaded, close };
  } catch (error) {
    lock?.release();
    throw error;
  }
}
