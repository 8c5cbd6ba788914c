import { normalisePath } from '@task/domain';
import { realDirectory } from '../../worker/commands/work-directory';
import type { DirectoryRule } from '../../worker/runtime/directory-gate';
import { KernelDirectoryLocks } from './kernel-directory-locks';

/** What tasks of one directory wait for, by `--per-directory`; null where that was not said. */
export function directoryRule(perDirectory: number | undefined): DirectoryRule | null {
  if (perDirectory === undefined) return null;
  // The kernel's lock lets one in; several of one directory are this worker's own affair.
  const locks = perDirectory === 1 ? KernelDirectoryLocks.open() : null;
  return { perDirectory, nameOf: directoryName, locks };
}

/** What the commands of a directory carry in their environment: its mark while this worker holds its lock, else nothing. */
export function directoryMark(
  rule: DirectoryRule | null,
  directory: string | null,
): Readonly<Record<string, string>> {
  const isLocked = rule !== null && rule.locks !== null;
  return isLocked && directory !== null ? KernelDirectoryLocks.markOf(directoryName(directory)) : {};
}

/** As it is really called: two names of one directory are one directory. */
function directoryName(directory: string): string {
  return realDirectory(directory) ?? normalisePath(directory);
}
