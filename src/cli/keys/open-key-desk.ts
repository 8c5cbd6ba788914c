import { loadSettings, migrateStore, openStore, OwnerLock, parseDatabaseUrl } from '@task/infrastructure';
import type { CommandContext } from '../context';
import { storeOptionsOf } from '../core';
import { findService } from '../find-service';
import { reachDatabase } from '../reach-database';
import type { KeyDesk } from './key-desk';
import { ServedKeys } from './served-keys';
import { StoredKeys } from './stored-keys';

/**
 * The keys of the running service; where nobody serves the database, the database's own. PostgreSQL has no owner: its
 * keys are changed there, and whoever serves it learns of that within a second.
 */
export async function openKeyDesk(context: CommandContext): Promise<KeyDesk> {
  const place = await findService(context);
  if (place !== null) return new ServedKeys(place);
  const { settings } = loadSettings(context);
  const url = parseDatabaseUrl(settings.databaseUrl, context.cwd);
  const lock = url.kind === 'sqlite' ? await OwnerLock.acquire(url.path) : null;
  try {
    const options = storeOptionsOf(settings, url);
    const store = await reachDatabase(url, async () => {
      await migrateStore(options);
      return openStore(options);
    });
    return new StoredKeys(store, () => lock?.release());
  } catch (error) {
    lock?.release();
    throw error;
  }
}
