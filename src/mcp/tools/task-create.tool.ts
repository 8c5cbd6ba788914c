import { CreateTasks } from '@task/application';
import { bad, type Fault, type Rule, type Task, type Violation } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import type { Asked } from '../tool/asked';
import { about, answer, type Answer } from '../tool/answer';
import { pick, violationsIn, type Arguments } from '../tool/argument';
import { ADDS, type Tool } from '../tool/tool';
import { COUNT, REPEATABLE, STANDING } from './common-arguments';
import {
  createInputOf,
  NEW_TASK,
  NEW_TASK_OF_MANY,
  NEW_TASK_OR_NOT,
  type NewTask,
  type NewTaskOfMany,
} from './new-task';

interface Given extends Partial<NewTask> {
  readonly tasks?: readonly NewTaskOfMany[];
  readonly idempotency_key?: string;
}

const MOST_TASKS = 100;

/** Several tasks, each with the fields of one. */
const SEVERAL: Rule = {
  schema: { type: 'array', items: { type: 'object' } },
  check: (value) => {
    if (!Array.isArray(value)) return bad('not_list');
    if (value.length === 0) return bad('required', { min_items: 1 });
    if (value.length > MOST_TASKS) return bad('too_many', { max_items: MOST_TASKS });
    return value.flatMap((item: unknown, index) =>
      faultsOf(item).map((fault) => ({ ...fault, path: `[${index}]${fault.path}` })),
    );
  },
};

/** Somebody files tasks. */
export class TaskCreateTool implements Tool<Given> {
  readonly name = 'task_create';
  readonly title = 'Create tasks';
  readonly about =
    'Files one task, or up to 100 in tasks (all or none), for agents that see nothing but the prompt. Do not wait: ' +
    'read it later with task_get.';
  readonly needs = 'producer';
  readonly hints = ADDS;
  readonly takes = {
    ...NEW_TASK_OR_NOT,
    tasks: {
      rule: SEVERAL,
      about: 'Several with the fields above, instead of one; depends_on takes "@x" for the one with ref x',
    },
    ...REPEATABLE,
  };
  readonly gives = { ...STANDING, task_ids: { type: 'array', items: { type: 'string' } }, count: COUNT };

  /** Without several there has to be a whole one. */
  readonly takesOf = (given: object): Arguments =>
    'tasks' in given ? this.takes : { ...NEW_TASK, ...REPEATABLE };

  constructor(private readonly createTasks: CreateTasks) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { tasks } = given;
    const single = pick(given, NEW_TASK);
    const wanted: readonly NewTaskOfMany[] = tasks ?? [single as unknown as NewTask];
    if (tasks !== undefined && Object.keys(single).length > 0) throw Refusal.ofFields(surplus(single));
    const created = await this.createTasks.execute(wanted.map(createInputOf), asked.call(this.name, given));
    const [first] = created;
    if (tasks === undefined && first !== undefined) return about(first.id, standing(first));
    return answer({ task_ids: created.map(({ id }) => id), count: created.length });
  }
}

function standing({ id, status }: Task): object {
  return { task_id: id, status };
}

function surplus(single: object): Violation[] {
  return Object.keys(single).map((field) => ({
    field,
    reason: 'not_unique',
    constraints: { either: ['tasks', field] },
  }));
}

function faultsOf(item: unknown): readonly Fault[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return bad('not_object');
  return violationsIn(item, NEW_TASK_OF_MANY).map(({ field, reason, constraints }) => ({
    path: `.${field}`,
    reason,
    constraints,
  }));
}
