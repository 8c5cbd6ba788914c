import {
  describeDatabase,
  loadSettings,
  migrateStore,
  OwnerLock,
  parseDatabaseUrl,
} from '@task/infrastructure';
import type { CommandContext } from './context';
import { storeOptionsOf } from './core';
import { reachDatabase } from './reach-database';

/** Brings the schema up to date, and says what ran. A file that a service has open is left alone. */
export async function migrate({ env, cwd }: CommandContext): Promise<number> {
  const { settings } = loadSettings({ env, cwd });
  const url = parseDatabaseUrl(settings.databaseUrl, cwd);
  const lock = url.kind === 'sqlite' ? await reachDatabase(url, () => OwnerLock.acquire(url.path)) : null;
  try {
    const names = await reachDatabase(url, () => migrateStore(storeOptionsOf(settings, url)));
    const done = names.length === 0 ? 'nothing to do, the schema is up to date' : `ran ${names.join(', ')}`;
    console.log(`${describeDatabase(url)}: ${done}`);
    return 0;
  } finally {
    lock?.release();
  }
}
