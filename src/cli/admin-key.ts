import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { KeyStore } from '@task/application';
import type { Principal } from '@task/domain';
import { RandomIds } from '@task/infrastructure';

/** The operator's key, as far as the service knows about it. */
export interface AdminKey {
  /** The file that holds it, or null where there is none (any more). */
  readonly file: string | null;
  /** The secret itself when it was made just now, to be shown once. */
  readonly made: string | null;
}

const ADMIN: Principal = { name: 'admin', roles: ['admin'] };
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Makes the first admin key when there is no key at all, and keeps it in `admin.key`, for the owner only. The file is
 * on disk, under another name, before the database knows the key: whenever the process dies in between, the next start
 * finds a key that works, or makes another.
 * @param folder where the file goes; made when it is missing
 */
export async function ensureAdminKey(keys: KeyStore, folder: string): Promise<AdminKey> {
  const file = join(folder, 'admin.key');
  const unfinished = `${file}.new`;
  if (await isKnown(keys, file)) return { file, made: null };
  if (await isKnown(keys, unfinished)) return finish(unfinished, file, keyIn(unfinished));
  const secret = new RandomIds().keySecret();
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  writeNew(unfinished, secret);
  if (await keys.addFirst(secret, ADMIN)) return finish(unfinished, file, secret);
  rmSync(unfinished);
  return { file: null, made: null };
}

async function isKnown(keys: KeyStore, file: string): Promise<boolean> {
  const secret = keyIn(file);
  return secret !== null && (await keys.find(secret)) !== null;
}

function keyIn(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function writeNew(file: string, secret: string): void {
  rmSync(file, { force: true });
  const handle = openSync(file, 'wx', OWNER_ONLY);
  try {
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A file of that name may hold the key of another database in the same folder: it is put aside, not lost. */
function finish(unfinished: string, file: string, made: string | null): AdminKey {
  if (existsSync(file)) renameSync(file, `${file}.${Date.now()}`);
  renameSync(unfinished, file);
  return { file, made };
}
