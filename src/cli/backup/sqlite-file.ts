import { describeDatabase, loadSettings, parseDatabaseUrl, type DatabaseFile } from '@task/infrastructure';
import type { CommandContext } from '../context';
import { StartFailure } from '../start-failure';

/** The SQLite file of the settings. @throws StartFailure for PostgreSQL, with what to use there */
export function sqliteFileOf(context: CommandContext, insteadOnPostgres: string): DatabaseFile {
  const { settings } = loadSettings(context);
  const url = parseDatabaseUrl(settings.databaseUrl, context.cwd);
  if (url.kind === 'sqlite') return { path: url.path, key: settings.databaseEncryptionKey };
  throw new StartFailure(
    `${describeDatabase(url)} is no SQLite file: use ${insteadOnPostgres} of PostgreSQL`,
  );
}

/** Lets a signal end the process as `exit` does, which tidies up; by itself it would leave what is half written. */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}
