import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/**
 * A command whose program does not depend on where it is run: one with a slash in its name is that of this folder. Else
 * each task's directory would have a program of its own under that name, or none.
 */
export function locatedCommand(command: readonly string[], folder: string): readonly string[] {
  const [program = '', ...rest] = command;
  return program.includes('/') ? [resolve(folder, program), ...rest] : command;
}

/** Whether there is a program in one of the folders of a PATH. */
export function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => isProgram(join(folder, program)));
}

/** Whether this file can be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
