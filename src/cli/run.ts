import { Command, CommanderError } from 'commander';
import { describeError, settingsAsText } from '@task/infrastructure';
import type { Act, Kind } from './act';
import { addBackupCommands } from './backup/backup-commands';
import { addConcurrencyKeysCommands } from './concurrency-keys/concurrency-keys-commands';
import { addConfigCommands } from './config/config-commands';
import type { CommandContext } from './context';
import { addKeysCommands } from './keys/keys-commands';
import { addMoveCommands } from './move/move-commands';
import { StandardStreams } from './output';
import { addSchedulesCommands } from './schedules/schedules-commands';
import { isForOperator } from './start-failure';
import { addTasksCommands } from './tasks/tasks-commands';
import { packageVersion } from './version';
import { describeWorker, type WorkerOptions } from './worker/worker-options';

const NAME = 'task-orchestrator';
const FAILED = 1;
const MISUSED = 2;

/** Runs the command that the arguments name; without one, the service. @returns the exit code, when all is said */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const streams = new StandardStreams();
  let code = 0;
  const running: { kind: Kind } = { kind: 'command' };
  const program = commandLine(async (command, kind = 'command') => {
    running.kind = kind;
    code = await command(context);
  });
  try {
    await program.parseAsync(args.length === 0 ? ['serve'] : args, { from: 'user' });
  } catch (error) {
    code = told(error);
  }
  if (running.kind === 'command') return streams.commandEnd(code);
  await streams.serverEnd();
  return code;
}

/** Says what went wrong; commander has done so itself. @returns the exit code */
function told(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  console.error(isForOperator(error) ? `${NAME}: ${error.message}` : `${NAME} failed: ${explained(error)}`);
  return FAILED;
}

// What a command needs is loaded when it runs: the service takes half a second, which nobody who lists tasks should wait.
function commandLine(act: Act): Command {
  const program = new Command(NAME)
    .description('A durable task queue that hands work to coding agents and other workers.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nSettings, as environment variables (or in CONFIG_FILE):\n\n${settingsAsText()}`)
    .showHelpAfterError(`Run ${NAME} --help for what there is.`)
    .enablePositionalOptions()
    .exitOverride();
  program
    .command('serve')
    .description('run the service; this is what happens without a command')
    .action(() => act(async (context) => (await import('./serve.js')).serve(context), 'server'));
  program
    .command('migrate')
    .description('bring the schema of the database up to date, and say what was done')
    .action(() => act(async (context) => (await import('./migrate.js')).migrate(context)));
  describeWorker(program.command('worker')).action((argv: readonly string[], options: WorkerOptions) =>
    act(
      async (context) => (await import('./worker/work.js')).work(argv, options, context),
      options.once ? 'command' : 'server',
    ),
  );
  program
    .command('encrypt')
    .description('encrypt a SQLite file that is not, with DATABASE_ENCRYPTION_KEY')
    .action(() => act(async (context) => (await import('./convert.js')).encrypt(context)));
  program
    .command('rekey')
    .description('give an encrypted SQLite file the key in NEW_DATABASE_ENCRYPTION_KEY')
    .action(() => act(async (context) => (await import('./convert.js')).rekey(context)));
  program
    .command('decrypt')
    .description('turn an encrypted SQLite file into plain text again')
    .action(() => act(async (context) => (await import('./convert.js')).decrypt(context)));
  addTasksCommands(program, act);
  addSchedulesCommands(program, act);
  addConcurrencyKeysCommands(program, act);
  addBackupCommands(program, act);
  addMoveCommands(program, act);
  addKeysCommands(program, act);
  addConfigCommands(program, act);
  program
    .command('mcp')
    .description(
      'speak MCP on standard input and output, for one client, with the service that has the database',
    )
    .action(() => act(async (context) => (await import('./mcp/mcp.js')).mcp(context), 'server'));
  program
    .command('version')
    .description('print the version')
    .action(() => console.log(packageVersion()));
  return program;
}

function explained(error: unknown): string {
  const { type, message, code, stack = '' } = describeError(error);
  return `${type}: ${message}${code === undefined ? '' : ` (${code})`}\n${stack}`;
}
