import { DEPENDENCY_POLICIES, PRIORITY_BANDS } from '@task/domain';
import { Option, type Command } from 'commander';
import { collect, jsonOrFile, wholeNumber } from '../option-values';

/** An option of `tasks add`, and the field of the request that it fills. */
interface NewTaskOption {
  readonly field: string;
  readonly option: Option;
  /** Means nothing for a task that is made again and again. */
  readonly isOfOneTask?: true;
}

const OPTIONS: readonly NewTaskOption[] = [
  {
    field: 'work_directory',
    option: new Option(
      '-C, --work-directory <dir>',
      'where the work is done; this directory for what is new',
    ),
  },
  {
    field: 'priority',
    option: new Option('-p, --priority <name>', 'claimed first: high').choices(PRIORITY_BANDS),
  },
  {
    field: 'tags',
    option: new Option('-t, --tag <word>', 'to find it by; can be repeated').argParser(collect),
  },
  { field: 'task_type', option: new Option('--type <type>', 'what kind of worker it is for') },
  { field: 'kb_id', option: new Option('--kb-id <id>', 'the knowledge base it belongs to') },
  {
    field: 'payload',
    option: new Option('--payload <json>', 'parameters for the worker, or @file').argParser(jsonOrFile),
  },
  {
    field: 'metadata',
    option: new Option('--metadata <json>', 'notes, or @file').argParser(jsonOrFile),
  },
  {
    field: 'max_retries',
    option: new Option('--max-retries <n>', 'how often it may be tried again').argParser(wholeNumber),
  },
  {
    field: 'auto_retry',
    option: new Option('--auto-retry', 'goes back into the queue by itself when it fails'),
  },
  {
    field: 'timeout_seconds',
    option: new Option('--timeout <seconds>', 'how long an attempt may take').argParser(wholeNumber),
  },
  {
    field: 'schedule_for',
    isOfOneTask: true,
    option: new Option('--schedule-for <time>', 'not handed out before: 2026-08-18T22:00:00Z'),
  },
  {
    field: 'depends_on',
    isOfOneTask: true,
    option: new Option(
      '--depends-on <id>',
      'a task that has to be completed first; can be repeated',
    ).argParser(collect),
  },
  {
    field: 'on_dependency_failure',
    isOfOneTask: true,
    option: new Option('--on-dependency-failure <policy>', 'what becomes of it when that one fails').choices(
      DEPENDENCY_POLICIES,
    ),
  },
  {
    field: 'concurrency_key',
    option: new Option('--concurrency-key <key>', 'of the tasks with it only one at a time, or its limit'),
  },
];

/** What is a field of the request, but no option: the prompt is an argument. */
const ARGUMENT = 'prompt';

/** Every field of a new task that the command line can fill. */
export const NEW_TASK_FIELDS: readonly string[] = [ARGUMENT, ...OPTIONS.map(({ field }) => field)];

/** Those of them that the tasks of a schedule can have. */
export const TEMPLATE_FIELDS: readonly string[] = [
  ARGUMENT,
  ...OPTIONS.filter(({ isOfOneTask }) => isOfOneTask !== true).map(({ field }) => field),
];

/** Puts the options of a new task down. */
export function addNewTaskOptions(command: Command): Command {
  for (const { option } of OPTIONS) command.addOption(option);
  return command;
}

/** Puts those down that the tasks of a schedule can have. */
export function addTemplateOptions(command: Command): Command {
  for (const { field, option } of OPTIONS) if (TEMPLATE_FIELDS.includes(field)) command.addOption(option);
  return command;
}

/** The fields that the options of a command line fill. */
export function fieldsIn(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    OPTIONS.flatMap(({ field, option }) => {
      const value = options[option.attributeName()];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}
