import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KernelLock } from '@task/infrastructure';
import { DIRECTORY_VARIABLE } from '../../worker/commands/command-environment';
import { ProcessTree } from '../../worker/commands/process-tree';
import type { DirectoryLocks } from '../../worker/runtime/directory-gate';
import { StartFailure } from '../start-failure';

const OWNER_ONLY = 0o700;
const LOOK_MS = 100;

/**
 * Keeps a directory to one worker of this machine and user at a time, by a lock that ends with its process. Whoever
 * gets it first ends what a killed worker has left there: commands that were started under the lock carry its mark. No
 * others may, since nobody asks whether their worker still lives.
 */
export class KernelDirectoryLocks implements DirectoryLocks {
  private constructor(private readonly folder: string) {}

  /** Makes the folder of the locks. @throws StartFailure when somebody else has made it */
  static open(): KernelDirectoryLocks {
    const { uid } = userInfo();
    const folder = join(tmpdir(), `task-orchestrator-locks-${uid}`);
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    const found = lstatSync(folder);
    if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) {
      throw new StartFailure(`${folder} belongs to somebody else; directories cannot be locked`);
    }
    return new KernelDirectoryLocks(folder);
  }

  /** What has to be in the environment of everything that works in a directory under its lock. */
  static markOf(directory: string): Readonly<Record<string, string>> {
    return { [DIRECTORY_VARIABLE]: nameOf(directory) };
  }

  async acquire(directory: string, signal: AbortSignal): Promise<() => void> {
    const name = nameOf(directory);
    const lock = await this.take(join(this.folder, `${name}.lock`), signal);
    if (await new ProcessTree(null, `${DIRECTORY_VARIABLE}=${name}`).kill()) return () => lock.release();
    lock.release();
    throw new Error(`what another worker has left running in ${directory} could not be ended`);
  }

  private async take(file: string, signal: AbortSignal): Promise<KernelLock> {
    for (;;) {
      signal.throwIfAborted();
      const lock = KernelLock.tryAcquire(file);
      if (lock !== null) return lock;
      await pause(LOOK_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}

function nameOf(directory: string): string {
  return createHash('sha256').update(directory).digest('hex').slice(0, 32);
}
