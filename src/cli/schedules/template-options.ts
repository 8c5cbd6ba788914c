import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { absoluteIn, jsonOrFile } from '../option-values';
import { addTemplateOptions, fieldsIn } from '../tasks/new-task-options';
import { readPrompt } from '../tasks/read-prompt';

/** What the tasks of a schedule are made of, as far as it is no field of its own. */
export interface TemplateOptions {
  readonly task?: unknown;
  readonly file?: string;
  readonly workDirectory?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Puts the options down that say what the tasks of a schedule are made of. */
export function addTaskOptions(command: Command): Command {
  return addTemplateOptions(command)
    .option('-f, --file <file>', 'reads the prompt from a file')
    .option('--task <json>', 'the whole task as JSON, or @file; other options go over it', jsonOrFile);
}

/** The fields that they fill, and the prompt. @param argument the prompt, or - for standard input */
export async function templateIn(
  options: TemplateOptions,
  argument: string | undefined,
  { cwd }: CommandContext,
): Promise<Fields> {
  const { file, workDirectory } = options;
  const hasPrompt = argument !== undefined || file !== undefined;
  return {
    ...fieldsIn({ ...options }),
    ...(hasPrompt && { prompt: await readPrompt({ argument, file, cwd, input: process.stdin }) }),
    ...(workDirectory !== undefined && { work_directory: absoluteIn(cwd, workDirectory) }),
  };
}

/** Fields over a whole task. What is no object is sent as it is: the service says what is wrong with it. */
export function over(task: unknown, fields: Fields): unknown {
  const isObject = typeof task === 'object' && task !== null && !Array.isArray(task);
  return isObject ? { ...task, ...fields } : task;
}
