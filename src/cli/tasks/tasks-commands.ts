import { GRANULARITIES, PERIODS, TASK_SORTS } from '@task/application';
import { PRIORITY_BANDS, TASK_STATUSES } from '@task/domain';
import { Option, type Command } from 'commander';
import type { Act } from '../act';
import { askingCommand, askingGroup } from '../asking-command';
import type { ServiceOptions } from '../at-service';
import { collect, MOST_SECONDS, whole } from '../option-values';
import { addTask, type AddOptions } from './add-task';
import { getTask } from './get-task';
import { listTasks, type ListOptions } from './list-tasks';
import { cancelTasks, retryTasks, type CancelOptions } from './move-tasks';
import { addNewTaskOptions } from './new-task-options';
import { showStatistics, type StatisticsOptions } from './show-statistics';
import { taskDependencies, type DependenciesOptions } from './task-dependencies';
import { taskHistory } from './task-history';
import { watchTask, type WatchOptions } from './watch-task';

const DEFAULT_LIMIT = 50;
const MOST = 999_999_999;

/** Adds `tasks …` and `stats` to a program. */
export function addTasksCommands(program: Command, act: Act): void {
  const tasks = askingGroup(program, 'tasks', 'file tasks at a running service, and see how they are');
  addCreating(tasks, act);
  addReading(tasks, act);
  addMoving(tasks, act);
  askingCommand(program, 'stats', 'show how the queue is doing')
    .addOption(new Option('--period <period>', 'how far back; 24h without').choices(PERIODS))
    .addOption(
      new Option('--granularity <step>', 'steps of the time series in --json').choices(GRANULARITIES),
    )
    .action((options: StatisticsOptions) => act((context) => showStatistics(context, options)));
}

function addCreating(tasks: Command, act: Act): void {
  addNewTaskOptions(askingCommand(tasks, 'add', 'file a task; standard output is its id'))
    .argument('[prompt]', 'what is to be done; - reads it from standard input')
    .option('-f, --file <file>', 'reads the prompt from a file')
    .option('--idempotency-key <key>', 'files it once, however often the same command is run')
    .option('--watch', 'follow it until it has ended')
    .action((prompt: string | undefined, options: AddOptions) =>
      act((context) => addTask(context, prompt, options)),
    );
}

function addReading(tasks: Command, act: Act): void {
  askingCommand(tasks, 'list', 'list tasks, the latest first')
    .addOption(new Option('-s, --status <status>', 'only in this status').choices(TASK_STATUSES))
    .addOption(new Option('-p, --priority <name>', 'only of this priority').choices(PRIORITY_BANDS))
    .option('--type <type>', 'only of this type')
    .option('--kb-id <id>', 'only of this knowledge base')
    .option(
      '-C, --work-directory <text>',
      'only with this in their directory, as it is normalised (/srv/app, C:\\repos\\app)',
    )
    .addOption(new Option('-t, --tag <word>', 'only with this tag; can be repeated').argParser(collect))
    .option('--any-tag', 'one of these tags is enough')
    .option('--created-after <time>', 'only created then or later')
    .option('--created-before <time>', 'only created before')
    .addOption(new Option('--sort <field>', 'what to sort by').choices(TASK_SORTS))
    .addOption(new Option('--order <order>', 'which way').choices(['asc', 'desc']))
    .option('-n, --limit <n>', 'at most so many', whole(1, MOST), DEFAULT_LIMIT)
    .action((options: ListOptions) => act((context) => listTasks(context, options)));
  askingCommand(tasks, 'get', 'show everything that is known of a task')
    .argument('<id>', 'which task')
    .action((id: string, options: ServiceOptions) => act((context) => getTask(context, id, options)));
  askingCommand(tasks, 'watch', 'follow a task until it has ended; the exit code says how')
    .argument('<id>', 'which task')
    .option('--timeout <seconds>', 'wait no longer than this', whole(1, MOST_SECONDS))
    .action((id: string, options: WatchOptions) => act((context) => watchTask(context, id, options)));
  askingCommand(tasks, 'history', 'show what has happened to a task')
    .argument('<id>', 'which task')
    .action((id: string, options: ServiceOptions) => act((context) => taskHistory(context, id, options)));
  askingCommand(tasks, 'dependencies', 'show what a task waits for, and what waits for it')
    .argument('<id>', 'which task')
    .option('-n, --limit <n>', 'at most so many of those that wait for it', whole(1, MOST), DEFAULT_LIMIT)
    .action((id: string, options: DependenciesOptions) =>
      act((context) => taskDependencies(context, id, options)),
    );
}

function addMoving(tasks: Command, act: Act): void {
  askingCommand(tasks, 'cancel', 'give waiting tasks up; with --force working and failed ones too')
    .argument('<id...>', 'which tasks')
    .option('--reason <text>', 'why')
    .option('--force', 'working and failed ones too', undefined)
    .action((ids: string[], options: CancelOptions) => act((context) => cancelTasks(context, ids, options)));
  askingCommand(tasks, 'retry', 'put failed tasks back into the queue')
    .argument('<id...>', 'which tasks')
    .action((ids: string[], options: ServiceOptions) => act((context) => retryTasks(context, ids, options)));
}
