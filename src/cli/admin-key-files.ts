import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const NAME = 'admin.key';
const UNFINISHED = '.new';

/** A secret that is on disk, while the database may not know it yet. */
export interface UnfinishedKey {
  readonly file: string;
  readonly secret: string;
}

/**
 * The files of an admin key: `admin.key`, and `admin.key.<uuid>.new` of processes that are about to make one, or have died
 * over it. Several processes may work in the folder at the same time: each writes under names that nobody else has.
 */
export class AdminKeyFiles {
  /** Where the key is in the end. */
  readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, NAME);
  }

  /** What the finished file holds, or null where there is none. */
  get secret(): string | null {
    return textIn(this.file)?.trim() ?? null;
  }

  unfinished(): readonly UnfinishedKey[] {
    const names = namesIn(this.folder).filter(
      (name) => name.startsWith(`${NAME}.`) && name.endsWith(UNFINISHED),
    );
    return names.flatMap((name) => {
      const file = join(this.folder, name);
      const text = textIn(file);
      return text === null ? [] : [{ file, secret: text.trim() }];
    });
  }

  /** Puts a secret on disk, under a name that nobody else has. */
  write(secret: string): UnfinishedKey {
    mkdirSync(this.folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const file = `${this.file}.${randomUUID()}${UNFINISHED}`;
    writeNew(file, `${secret}\n`);
    return { file, secret };
  }

  /** Makes it the finished one. Whoever else does the same does no harm, nor does who takes the file away meanwhile. */
  finish(key: UnfinishedKey): void {
    let { file } = key;
    while (this.secret !== key.secret && !this.moveHere(file)) ({ file } = this.write(key.secret));
    rmSync(file, { force: true });
  }

  /** Without complaint: what stays behind is no key. */
  remove({ file }: UnfinishedKey): void {
    try {
      rmSync(file, { force: true });
    } catch {
      // A folder that cannot be tidied up is no reason not to start.
    }
  }

  /** @returns false when the file is gone */
  private moveHere(file: string): boolean {
    this.keepOld();
    try {
      renameSync(file, this.file);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /**
   * A file of that name may hold the key of another database in the same folder: it is kept beside, not lost. As a copy,
   * so that there is no moment without the file.
   */
  private keepOld(): void {
    const old = textIn(this.file);
    if (old !== null) writeNew(`${this.file}.${randomUUID()}.old`, old);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function textIn(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function writeNew(file: string, text: string): void {
  const handle = openSync(file, 'wx', OWNER_ONLY);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
