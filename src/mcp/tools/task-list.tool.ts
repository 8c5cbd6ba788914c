import {
  Clock,
  ListTasks,
  TASK_SORTS,
  type ListedTasks,
  type ListTasksInput,
  type TaskFilter,
} from '@task/application';
import {
  instantOf,
  oneOf,
  prioritiesOf,
  printable,
  TASK_RULES,
  wholeNumber,
  type EpochMs,
  type PriorityBand,
  type TaskStatus,
} from '@task/domain';
import { answer, type Answer } from '../tool/answer';
import { bytesOf, MOST_BYTES } from '../tool/fit';
import { READS, type Tool } from '../tool/tool';
import { taskRow, wholeTask } from '../views/task-views';
import { COUNT, TEXT } from './common-arguments';

const DETAILS = ['full'] as const;
const ORDERS = ['asc', 'desc'] as const;
const MODES = ['all', 'any'] as const;
const DEFAULT_LIMIT = 20;
const MOST_ROWS = 100;
/** What a result has beside its rows. */
const BESIDE_BYTES = 1_000;

interface Given {
  readonly status?: TaskStatus;
  readonly work_directory?: string;
  readonly priority?: PriorityBand;
  readonly tags?: readonly string[];
  readonly tags_mode?: (typeof MODES)[number];
  readonly task_type?: string;
  readonly kb_id?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  readonly sort_by?: (typeof TASK_SORTS)[number];
  readonly sort_order?: (typeof ORDERS)[number];
  readonly limit?: number;
  readonly cursor?: string;
  readonly detail?: (typeof DETAILS)[number];
}

/** Somebody looks for tasks. */
export class TaskListTool implements Tool<Given> {
  readonly name = 'task_list';
  readonly title = 'List tasks';
  readonly about = 'Lists tasks that meet all filters, newest first. Read on with next_cursor as cursor.';
  readonly needs = 'reader';
  readonly hints = READS;
  readonly takes = {
    status: { rule: TASK_RULES.status },
    work_directory: {
      rule: printable({ min: 1, max: 512 }),
      about: 'Part of its normalised form: /srv/app, C:\\repos\\app',
    },
    priority: { rule: TASK_RULES.priorityBand },
    tags: { rule: TASK_RULES.tags },
    tags_mode: { rule: oneOf(MODES) },
    task_type: { rule: TASK_RULES.taskType },
    kb_id: { rule: TASK_RULES.kbId },
    created_after: { rule: TASK_RULES.availableAt },
    created_before: { rule: TASK_RULES.availableAt },
    sort_by: { rule: oneOf(TASK_SORTS) },
    sort_order: { rule: oneOf(ORDERS) },
    limit: { rule: wholeNumber({ min: 1, max: MOST_ROWS }) },
    cursor: { rule: printable({ min: 1, max: 512 }) },
    detail: { rule: oneOf(DETAILS) },
  };
  readonly gives = {
    tasks: { type: 'array', items: { type: 'object' } },
    total: COUNT,
    next_cursor: TEXT,
  };

  constructor(
    private readonly listTasks: ListTasks,
    private readonly clock: Clock,
  ) {}

  async run(given: Given): Promise<Answer> {
    const input = inputOf(given);
    const page = await this.listTasks.execute(input);
    const now = this.clock.now();
    const rows = rowsOf(page, given, now);
    const fitting = howManyFit(rows);
    if (fitting === rows.length) return answer(pageOf(page, rows));
    // A cursor belongs to the end of a page: the page has to be one that fits.
    const limit = Math.max(1, fitting);
    const shorter = await this.listTasks.execute({ ...input, limit });
    const fewer = rowsOf(shorter, fitting === 0 ? {} : given, now);
    return answer(pageOf(shorter, fewer));
  }
}

function rowsOf({ tasks }: ListedTasks, { detail }: Given, now: EpochMs): object[] {
  if (detail !== 'full') return tasks.map((task) => present(taskRow(task)));
  return tasks.map((task) => present(withoutLarge(wholeTask(task, null, now))));
}

function pageOf({ total, totalCapped, nextCursor }: ListedTasks, tasks: readonly object[]): object {
  return { tasks, total, ...(totalCapped && { total_capped: true }), next_cursor: nextCursor };
}

function howManyFit(rows: readonly object[]): number {
  let left = MOST_BYTES - BESIDE_BYTES;
  const at = rows.findIndex((row) => (left -= bytesOf(row) + 2) < 0);
  return at === -1 ? rows.length : at;
}

/** As in REST: a list leaves to the single task what is large. */
function withoutLarge(task: object): object {
  return { ...task, payload: null, result: null };
}

function present(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function inputOf(given: Given): ListTasksInput {
  const { sort_by: by = 'created_at', sort_order: order = 'desc', limit = DEFAULT_LIMIT, cursor } = given;
  return { filter: filterOf(given), sort: { by, order }, limit, offset: 0, cursor };
}

function filterOf(given: Given): TaskFilter {
  const { status, priority, tags, tags_mode: mode = 'all' } = given;
  const createdAfter = timeOf(given.created_after);
  const createdBefore = timeOf(given.created_before);
  return {
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priorities: prioritiesOf(priority) }),
    ...(given.work_directory !== undefined && { directoryContains: given.work_directory }),
    ...(given.task_type !== undefined && { taskType: given.task_type }),
    ...(given.kb_id !== undefined && { kbId: given.kb_id }),
    ...(tags !== undefined && { tags: { names: tags, mode } }),
    ...(createdAfter !== null && { createdAfter }),
    ...(createdBefore !== null && { createdBefore }),
  };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : instantOf(text);
}
