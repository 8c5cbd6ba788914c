import { GetTask, TaskStore } from '@task/application';
import { oneOf, pattern, type Task } from '@task/domain';
import { about, type Answer } from '../tool/answer';
import { READS, type Tool } from '../tool/tool';
import { briefTask, wholeTask } from '../views/task-views';
import { COUNT, ONE_TASK, STANDING, TEXT, type OneTask } from './common-arguments';

const DETAILS = ['full'] as const;
/** Characters of a part: they fit into an answer in any script, however much of it has to be escaped. */
const PART_CHARACTERS = 2_500;

interface Given extends OneTask {
  readonly detail?: (typeof DETAILS)[number];
  readonly cursor?: string;
}

/** Somebody looks at a task. */
export class TaskGetTool implements Tool<Given> {
  readonly name = 'task_get';
  readonly title = 'Read a task';
  readonly about = 'Reads a task, its result or its error. What was cut off is read on with its next_cursor.';
  readonly needs = 'reader';
  readonly hints = READS;
  readonly takes = {
    ...ONE_TASK,
    detail: { rule: oneOf(DETAILS) },
    cursor: { rule: pattern(/^[a-z_]+:\d{1,9}$/, { min: 1, max: 40 }) },
  };
  readonly gives = { ...STANDING, prompt: TEXT, error_message: TEXT, progress: COUNT };

  constructor(
    private readonly getTask: GetTask,
    private readonly tasks: TaskStore,
  ) {}

  async run({ task_id: taskId, detail, cursor }: Given): Promise<Answer> {
    const task = await this.getTask.execute({ taskId });
    if (cursor !== undefined) return about(task.id, partOf(task, cursor));
    const placeInLine = task.status === 'waiting' ? await this.tasks.placeInLine(task.id) : null;
    return about(task.id, detail === 'full' ? wholeTask(task, placeInLine) : briefTask(task, placeInLine));
  }
}

/** A part of a long field, from where the last one ended. */
function partOf(task: Task, cursor: string): object {
  const [field = '', from = '0'] = cursor.split(':');
  const characters = [...textOf(task, field)];
  const start = Number(from);
  const end = start + PART_CHARACTERS;
  return {
    task_id: task.id,
    field,
    text: characters.slice(start, end).join(''),
    ...(end < characters.length && { next_cursor: `${field}:${end}` }),
  };
}

/** A field of the whole task as text: free JSON as it is written. */
function textOf(task: Task, field: string): string {
  const value = (wholeTask(task, null) as Record<string, unknown>)[field] ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
