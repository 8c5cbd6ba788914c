import { randomUUID } from 'node:crypto';
import { atService, type AskedService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { absoluteIn } from '../option-values';
import { standardOutput } from '../output';
import { json } from '../terminal-text';
import { TASKS, type ApiTask } from './api-task';
import { fieldsIn } from './new-task-options';
import { readPrompt } from './read-prompt';
import { followTask } from './watch-task';

/** What `tasks add` takes beside the fields of the task. */
export interface AddOptions extends ServiceOptions {
  readonly file?: string;
  readonly workDirectory?: string;
  readonly idempotencyKey?: string;
  readonly watch?: true;
}

/** Files a task. @param argument the prompt, or - for standard input */
export function addTask(
  context: CommandContext,
  argument: string | undefined,
  options: AddOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const { cwd } = context;
    const prompt = await readPrompt({ argument, file: options.file, cwd, input: process.stdin });
    const { workDirectory = cwd, idempotencyKey = randomUUID() } = options;
    const work_directory = absoluteIn(cwd, workDirectory);
    const task = await service.ask<ApiTask>('POST', TASKS, {
      body: { ...fieldsIn({ ...options }), prompt, work_directory },
      headers: { 'Idempotency-Key': idempotencyKey },
    });
    return tellFiled(service, task, options);
  });
}

/** Tells what was filed, and follows it where that is wanted. @returns the exit code */
export async function tellFiled(
  service: AskedService,
  task: ApiTask,
  options: Pick<AddOptions, 'json' | 'watch'>,
): Promise<number> {
  const out = standardOutput();
  // The id alone: ID=$(task-orchestrator tasks add …) has nothing else in it.
  const isJson = options.json === true;
  out.line(isJson ? json(task, options.watch === true ? null : 2) : task.task_id);
  if (options.watch !== true) return EXIT.ok;
  return followTask(service, task.task_id, { isJson, timeoutSeconds: null, out });
}
