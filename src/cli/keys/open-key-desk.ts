import type { CommandContext } from '../context';
import { findService } from '../find-service';
import { openDatabase } from '../open-database';
import type { KeyDesk } from './key-desk';
import { ServedKeys } from './served-keys';
import { StoredKeys } from './stored-keys';

/**
 * The keys of the running service; where nobody serves the database, the database's own. PostgreSQL has no owner: its
 * keys are changed there, and whoever serves it learns of that within a second.
 */
export async function openKeyDesk(context: CommandContext): Promise<KeyDesk> {
  const place = await findService(context);
  return place === null ? new StoredKeys(await openDatabase(context)) : new ServedKeys(place);
}
