import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backupFile } from '@task/infrastructure';
import type { CommandContext } from '../context';
import { toldFileError } from '../file-errors';
import { Progress } from '../progress';
import { exitOnSignals, sqliteFileOf } from './sqlite-file';

/** Writes a backup of the database as it is now. */
export async function backup(context: CommandContext, file: string): Promise<number> {
  const source = sqliteFileOf(context, 'pg_dump');
  const to = resolve(context.cwd, file);
  const progress = new Progress(process.stderr);
  exitOnSignals();
  try {
    await toldFileError(() => backupFile(source, to, (done, total) => progress.show('backup', done, total)));
  } finally {
    progress.end();
  }
  console.log(`${source.path}: backed up to ${to}, ${statSync(to).size} bytes`);
  return 0;
}
