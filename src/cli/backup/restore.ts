import { resolve } from 'node:path';
import { MIGRATION_NAMES, OwnerLock, restoreFile } from '@task/infrastructure';
import type { CommandContext } from '../context';
import { toldFileError } from '../file-errors';
import { Progress } from '../progress';
import { exitOnSignals, sqliteFileOf } from './sqlite-file';

/** Puts a backup into the place of the database, which no service may have. */
export async function restore(context: CommandContext, file: string, keepsOld: boolean): Promise<number> {
  const { path, key } = sqliteFileOf(context, 'pg_restore or psql');
  const lock = await OwnerLock.acquire(path);
  const progress = new Progress(process.stderr);
  exitOnSignals();
  try {
    const { databasePath } = lock;
    const aside = keepsOld ? `${databasePath}.before-restore-${stampOf(new Date())}` : null;
    const backup = resolve(context.cwd, file);
    const restoration = { path: databasePath, key, backup, migrations: MIGRATION_NAMES, aside };
    const hasReplaced = await toldFileError(() =>
      restoreFile(restoration, (done, total) => progress.show('restore', done, total)),
    );
    progress.end();
    const kept = hasReplaced && aside !== null ? `; what was there is kept as ${aside}` : '';
    console.log(`${databasePath}: restored from ${backup}${kept}`);
    return 0;
  } finally {
    progress.end();
    lock.release();
  }
}

/** `20250818T100000Z` */
function stampOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}
