import {
  convertFile,
  describeDatabase,
  EncryptionFailure,
  loadSettings,
  OwnerLock,
  parseDatabaseUrl,
  SETTINGS,
} from '@task/infrastructure';
import type { CommandContext } from './context';
import { toldFileError } from './file-errors';
import { StartFailure } from './start-failure';

const NEW_KEY = 'NEW_DATABASE_ENCRYPTION_KEY';
const { name: KEY, takes } = SETTINGS.databaseEncryptionKey;

/** Encrypts a file that is plain text. */
export function encrypt(context: CommandContext): Promise<number> {
  return convert(context, (key) => ({
    from: null,
    to: key,
    done: `is encrypted; ${KEY} opens it from now on`,
  }));
}

/** Gives an encrypted file another key. */
export function rekey(context: CommandContext): Promise<number> {
  return convert(context, (key) => ({
    from: key,
    to: newKeyIn(context),
    done: `has the new key; set ${KEY} to it from now on`,
  }));
}

/** Turns an encrypted file into plain text. */
export function decrypt(context: CommandContext): Promise<number> {
  return convert(context, (key) => ({
    from: key,
    to: null,
    done: `is not encrypted any more; unset ${KEY}`,
  }));
}

interface Plan {
  readonly from: string | null;
  readonly to: string | null;
  readonly done: string;
}

/** A file that a service has open is left alone. */
async function convert(context: CommandContext, plan: (key: string) => Plan): Promise<number> {
  const { settings } = loadSettings(context);
  const url = parseDatabaseUrl(settings.databaseUrl, context.cwd);
  if (url.kind !== 'sqlite') throw new StartFailure('only a SQLite file can be encrypted');
  const { databaseEncryptionKey: key } = settings;
  if (key === null) throw new StartFailure(`${KEY} is not set: it takes ${takes.allowed}`);
  const { from, to, done } = plan(key);
  const lock = await OwnerLock.acquire(url.path);
  try {
    const { databasePath: path } = lock;
    const wasConverted = await named(path, () => convertFile({ path, from, to }));
    console.log(`${describeDatabase(url)}: ${wasConverted ? done : `nothing to do, it ${done}`}`);
    return 0;
  } finally {
    lock.release();
  }
}

/** Not an argument of the command: everybody on the machine sees those. */
function newKeyIn({ env }: CommandContext): string {
  const key = env[NEW_KEY] ?? '';
  if (takes.rule.check(key).length > 0) throw new StartFailure(`${NEW_KEY}: it takes ${takes.allowed}`);
  return key;
}

async function named<T>(path: string, work: () => T): Promise<T> {
  try {
    return await toldFileError(work);
  } catch (error) {
    if (!(error instanceof EncryptionFailure || error instanceof StartFailure)) throw error;
    throw new StartFailure(`cannot convert ${path}: ${error.message}`, { cause: error });
  }
}
