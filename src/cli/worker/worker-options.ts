import { Option, type Command } from 'commander';
import { COMMAND_INPUTS, type CommandSettings } from '../../worker/commands/command-handler';
import { collect, whole } from '../option-values';

/** What the command line says about a worker. */
export interface WorkerOptions {
  readonly workPath: string;
  readonly recursive: boolean;
  readonly type: readonly string[];
  readonly concurrency: number;
  readonly perDirectory?: number;
  readonly timeout?: number;
  readonly lease: number;
  readonly grace: number;
  readonly drain: number;
  readonly input: CommandSettings['input'];
  readonly workerId?: string;
  readonly url?: string;
  readonly once: boolean;
  readonly json: boolean;
}

const AFTER = `
The command gets the prompt on its standard input, in the directory of its task. What it writes is the result: a JSON
object when its last line is one, else the text. Lines {"progress": 40, "message": "…"} are progress. An exit code other
than 0 is a failure, with the end of its standard error.

  task-orchestrator worker --work-path . -- claude -p

TASK_ORCHESTRATOR_URL names the service, TASK_ORCHESTRATOR_API_KEY holds the key. Without an address it is the service
that owns the SQLite file of DATABASE_URL on this machine.

The exit code is 0 when all went well, 1 when it did not, 2 for a wrong command line, 3 when --once found nothing to do,
4 when --once got no answer from the service, 5 when the service refused the key.
`;

/** Puts the options of a worker down. */
export function describeWorker(command: Command): Command {
  return command
    .description('claim the tasks of a directory, and run a command for each')
    .argument('<command...>', 'the command, behind --')
    .requiredOption('--work-path <dir>', 'claim the tasks of this directory')
    .option('--recursive', 'and of those below it', false)
    .addOption(
      new Option('--type <type>', 'claim only this type; can be repeated')
        .argParser(collect)
        .default([], 'any'),
    )
    .option('--concurrency <n>', 'tasks at a time', whole(1, 1000), 4)
    .option(
      '--per-directory <n>',
      'tasks of one directory at a time; 1 also keeps to it across the workers of this user and machine',
      whole(1, 1000),
    )
    .option('--timeout <seconds>', 'end a task that takes longer, and fail it', whole(1, 604_800))
    .option('--lease <seconds>', 'length of a lease; renewed at a third of it', whole(10, 86_400), 60)
    .option('--grace <seconds>', 'between asking a command to end and killing it', whole(0, 3600), 5)
    .option(
      '--drain <seconds>',
      'what running tasks get when the worker is told to stop',
      whole(0, 86_400),
      30,
    )
    .addOption(
      new Option('--input <kind>', 'prompt or json on standard input, or the prompt as the last argument')
        .choices(COMMAND_INPUTS)
        .default('prompt'),
    )
    .option('--worker-id <name>', 'name to be recorded; otherwise host and process')
    .option('--url <url>', 'where the service is; otherwise TASK_ORCHESTRATOR_URL')
    .option('--once', 'work on one task, if there is one, and end', false)
    .option('--json', 'a line of JSON for everything that happens', false)
    .passThroughOptions()
    .addHelpText('after', AFTER);
}
