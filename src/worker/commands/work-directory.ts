import { realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { TaskFailure } from '../runtime/task-handler';

/**
 * Where a task may be worked on: its own directory, when that is really below one of the roots. Links are followed
 * first, on both sides, so that none leads out.
 * @throws TaskFailure that trying again does not mend
 */
export function allowedDirectory(directory: string, roots: readonly string[]): string {
  const real = existingDirectory(directory);
  const isAllowed = roots.some((root) => isBelow(real, realDirectory(root)));
  if (!isAllowed) throw refusal(`${directory} is not below a directory in which work is allowed`);
  return real;
}

/** A directory as it is really called. @throws TaskFailure that trying again does not mend */
export function existingDirectory(directory: string): string {
  const real = realDirectory(directory);
  if (real === null) throw refusal(`there is no directory ${directory} on this machine`);
  return real;
}

/** A directory as it is really called, or null where there is none. */
export function realDirectory(directory: string): string | null {
  try {
    const real = realpathSync(resolve(directory));
    return statSync(real).isDirectory() ? real : null;
  } catch {
    return null;
  }
}

function isBelow(path: string, root: string | null): boolean {
  if (root === null) return false;
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function refusal(message: string): TaskFailure {
  return new TaskFailure(message, { retryable: false });
}
