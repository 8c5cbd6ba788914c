import type { KeyStore } from '@task/application';
import type { Principal } from '@task/domain';
import { RandomIds } from '@task/infrastructure';
import { AdminKeyFiles } from './admin-key-files';

/** The operator's key, as far as the service knows about it. */
export interface AdminKey {
  /** The file that holds it, or null where there is none (any more). */
  readonly file: string | null;
  /** The secret itself when it was made just now, to be shown once. */
  readonly made: string | null;
}

const ADMIN: Principal = { name: 'admin', roles: ['admin'] };

/**
 * Makes the first admin key when there is no key at all, and keeps it in `admin.key`, for the owner only. The file is
 * on disk, under a name of its own, before the database knows the key: whenever a process dies in between, the next start
 * finds a key that works, or makes another. Instances that share the folder may start at the same time: the database
 * lets one of their keys be the first, and whoever sees the file of that one finishes it.
 * @param folder where the file goes; made when it is missing
 */
export async function ensureAdminKey(keys: KeyStore, folder: string): Promise<AdminKey> {
  const files = new AdminKeyFiles(folder);
  const known = await found(keys, files);
  if (known?.made === null) return known;
  const adminKey = known ?? (await made(keys, files));
  await tidyUp(keys, files);
  return adminKey;
}

async function found(keys: KeyStore, files: AdminKeyFiles): Promise<AdminKey | null> {
  // Looked at first: what somebody finishes from here on is in the finished file.
  const unfinished = files.unfinished();
  if (await isKnown(keys, files.secret)) return { file: files.file, made: null };
  for (const key of unfinished) {
    if (!(await isKnown(keys, key.secret))) continue;
    files.finish(key);
    return { file: files.file, made: key.secret };
  }
  return null;
}

async function made(keys: KeyStore, files: AdminKeyFiles): Promise<AdminKey> {
  const secret = new RandomIds().keySecret();
  const key = files.write(secret);
  if (await keys.addFirst(secret, ADMIN)) {
    files.finish(key);
    return { file: files.file, made: secret };
  }
  files.remove(key);
  // Another instance was first, just now, or there have long been keys.
  return (await found(keys, files)) ?? { file: null, made: null };
}

/**
 * Removes what processes have left behind that died. By now the database has a key: one that it does not know has come
 * too late to be the first, also that of a process that still lives.
 */
async function tidyUp(keys: KeyStore, files: AdminKeyFiles): Promise<void> {
  for (const key of files.unfinished()) {
    if (key.secret === files.secret || !(await isKnown(keys, key.secret))) files.remove(key);
  }
}

async function isKnown(keys: KeyStore, secret: string | null): Promise<boolean> {
  return secret !== null && (await keys.find(secret)) !== null;
}
