import { Clock, GetTask, HandOnResults, ReadDependencies, TaskStore } from '@task/application';
import { oneOf, pattern, type Task } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import { about, type Answer } from '../tool/answer';
import { READS, type Tool } from '../tool/tool';
import { dependenciesView, dependsOnView } from '../views/dependency-views';
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
    private readonly clock: Clock,
    private readonly readDependencies: ReadDependencies,
    private readonly handOnResults: HandOnResults,
  ) {}

  async run({ task_id: taskId, detail, cursor }: Given): Promise<Answer> {
    const task = await this.getTask.execute({ taskId });
    if (cursor !== undefined) return about(task.id, partOf(await this.inParts(task, cursor), cursor));
    const placeInLine = task.status === 'waiting' ? await this.tasks.placeInLine(task.id) : null;
    const now = this.clock.now();
    if (detail !== 'full') return about(task.id, briefTask(task, placeInLine, now));
    const dependencies = await this.readDependencies.dependenciesOf(task);
    return about(task.id, { ...wholeTask(task, placeInLine, now), ...dependsOnView(dependencies) });
  }

  /** All that can be read on with a cursor, results of dependencies as far as any door hands them on. */
  private async inParts(task: Task, cursor: string): Promise<Readonly<Record<string, unknown>>> {
    const whole = wholeTask(task, null, this.clock.now());
    if (!cursor.startsWith('depend')) return whole;
    const dependencies = (await this.handOnResults.execute([task])).get(task.id) ?? [];
    return { ...whole, ...dependsOnView(dependencies), ...dependenciesView(dependencies) };
  }
}

/** A part of a long field, from where the last one ended. @throws Refusal of a field that no task has */
function partOf(whole: Readonly<Record<string, unknown>>, cursor: string): object {
  const [field = '', from = '0'] = cursor.split(':');
  if (!Object.hasOwn(whole, field))
    throw Refusal.ofField('cursor', 'bad_format', { expected: 'next_cursor of the same task' });
  const characters = [...textOf(whole[field] ?? '')];
  const start = Number(from);
  const end = start + PART_CHARACTERS;
  return {
    task_id: whole.task_id,
    field,
    text: characters.slice(start, end).join(''),
    ...(end < characters.length && { next_cursor: `${field}:${end}` }),
  };
}

/** A field of a task as text: free JSON as it is written. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
