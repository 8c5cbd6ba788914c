import type { Command } from 'commander';
import type { Act } from '../act';
import { migrateData, type MigrateDataOptions } from './migrate-data';

/** Adds `migrate-data` to a program. */
export function addMoveCommands(program: Command, act: Act): void {
  program
    .command('migrate-data')
    .description(
      'move everything to another, empty database, and verify it; broken off, it goes on the next time',
    )
    .requiredOption('--from <url>', 'where from, as DATABASE_URL is written')
    .requiredOption('--to <url>', 'where to, as DATABASE_URL is written')
    .action((options: MigrateDataOptions) => act((context) => migrateData(context, options)));
}
