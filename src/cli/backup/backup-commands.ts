import type { Command } from 'commander';
import type { Act } from '../act';
import { backup } from './backup';
import { restore } from './restore';

/** Adds `backup` and `restore` to a program. */
export function addBackupCommands(program: Command, act: Act): void {
  program
    .command('backup')
    .description('write a backup of the SQLite file, which a service may go on using meanwhile')
    .argument('<file>', 'where to; nothing is ever replaced')
    .action((file: string) => act((context) => backup(context, file)));
  program
    .command('restore')
    .description('put a backup into the place of the SQLite file, while no service has it')
    .argument('<file>', 'the backup')
    .option('-f, --force', 'do not keep the file that is replaced')
    .action((file: string, { force }: { readonly force?: true }) =>
      act((context) => restore(context, file, force !== true)),
    );
}
