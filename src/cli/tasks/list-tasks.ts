import { atService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { readPages } from '../read-pages';
import { age, json, moment } from '../terminal-text';
import { TASKS, type ApiTask } from './api-task';

/** What `tasks list` takes: filters of the list, and how much of it. */
export interface ListOptions extends ServiceOptions {
  readonly status?: string;
  readonly priority?: string;
  readonly type?: string;
  readonly kbId?: string;
  readonly workDirectory?: string;
  readonly tag?: readonly string[];
  readonly anyTag?: true;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly sort?: string;
  readonly order?: string;
  readonly limit: number;
}

interface Page {
  readonly tasks: readonly ApiTask[];
  readonly pagination: {
    readonly total: number;
    readonly total_capped?: true;
    readonly has_more: boolean;
    readonly next_cursor: string | null;
  };
}

const ID: Column<ApiTask> = { head: 'ID', of: (task) => task.task_id };
const STATUS: Column<ApiTask> = {
  head: 'STATUS',
  of: ({ status, progress }) => (status === 'working' ? `${status} ${progress}%` : status),
};
const PRIORITY: Column<ApiTask> = { head: 'PRIORITY', of: (task) => task.priority, isOptional: true };
const CREATED: Column<ApiTask> = { head: 'CREATED', of: (task) => moment(task.created_at) };
const AGE: Column<ApiTask> = {
  head: 'AGE',
  of: (task) => age(Date.now() - Date.parse(task.created_at)),
  isOptional: true,
};
const DIRECTORY: Column<ApiTask> = {
  head: 'DIRECTORY',
  of: (task) => task.work_directory ?? '',
  share: 0.35,
  isOptional: true,
};
const PROMPT: Column<ApiTask> = { head: 'PROMPT', of: (task) => task.prompt ?? task.task_type, share: 0.65 };

/** Lists tasks, a page of the service after the other. */
export function listTasks(context: CommandContext, options: ListOptions): Promise<number> {
  return atService(options, context, async (service) => {
    const out = standardOutput();
    const { rows: tasks, last } = await readPages<Page, ApiTask>(service, {
      ...{ path: TASKS, query: filtersOf(options), limit: options.limit },
      rowsOf: (page) => page.tasks,
    });
    const { pagination } = last;
    if (options.json === true) {
      out.line(json({ tasks, pagination }));
      return EXIT.ok;
    }
    const columns = [ID, STATUS, out.isTerminal ? AGE : CREATED, PRIORITY, DIRECTORY, PROMPT];
    if (tasks.length > 0) out.line(inColumns(tasks, columns, out));
    if (out.isTerminal) out.line(footOf(tasks.length, pagination));
    return EXIT.ok;
  });
}

function filtersOf(options: ListOptions): Readonly<Record<string, string | undefined>> {
  const { status, priority, type, kbId, workDirectory, tag, anyTag, createdAfter, createdBefore } = options;
  return {
    ...{ status, priority, task_type: type, kb_id: kbId, work_directory: workDirectory },
    ...{ tags: tag?.join(','), tags_mode: anyTag === true ? 'any' : undefined },
    ...{ created_after: createdAfter, created_before: createdBefore },
    ...{ sort_by: options.sort, sort_order: options.order },
  };
}

function footOf(
  shown: number,
  { total, total_capped: isCapped, has_more: hasMore }: Page['pagination'],
): string {
  if (total === 0 && !hasMore) return 'No tasks.';
  const all = isCapped === true ? `at least ${total}` : String(total);
  return hasMore
    ? `\n${shown} of ${all} tasks; --limit shows more`
    : `\n${all} ${total === 1 ? 'task' : 'tasks'}`;
}
