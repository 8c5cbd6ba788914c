import type { CreateTaskInput, CreationTerms, ListTasksInput } from '@task/application';
import { instantOf, JsonDocument, prioritiesOfLevel, priorityOfLevel } from '@task/domain';
import { DEFAULT_PAGE_SIZE, type ListTasksQuery } from './dto/list-tasks.query';
import { DEFAULT_TIMEOUT_SECONDS, type NewTaskOfMany } from './dto/new-task.body';
import { statusNamed } from './status-names';

/** What this dialect expects of new tasks. Source: behaviour.md 1 and 4. */
export const TERMS: CreationTerms = {
  defaults: { timeoutSeconds: DEFAULT_TIMEOUT_SECONDS, autoRetry: true },
  onlyRegisteredTypes: true,
};

/** What a creator's body asks for, by itself or in a list; what it leaves out is left to its type, and to {@link TERMS}. */
export function createInputOf(body: NewTaskOfMany): CreateTaskInput {
  const { task_type: taskType, kb_id: kbId, payload, priority, schedule_for: scheduleFor } = body;
  return {
    taskType,
    kbId,
    payload: JsonDocument.of(payload),
    ...(priority !== undefined && { priority: priorityOfLevel(priority) }),
    ...(body.max_retries !== undefined && { maxRetries: body.max_retries }),
    ...(body.timeout !== undefined && { timeoutSeconds: body.timeout }),
    ...(body.auto_retry !== undefined && { autoRetry: body.auto_retry }),
    ...(scheduleFor !== undefined && { availableAt: instantOf(scheduleFor) }),
    ...(body.concurrency_key !== undefined && { concurrencyKey: body.concurrency_key }),
    ...{ ref: body.ref, dependsOn: body.depends_on, onDependencyFailure: body.on_dependency_failure },
  };
}

/** Which tasks are meant by their kind. */
export function filterOf(
  query: Pick<ListTasksQuery, 'kb_id' | 'task_type' | 'priority' | 'status'>,
): ListTasksInput['filter'] {
  const { kb_id: kbId, task_type: taskType, priority, status } = query;
  return {
    ...(kbId !== undefined && { kbId }),
    ...(taskType !== undefined && { taskType }),
    ...(priority !== undefined && { priorities: prioritiesOfLevel(priority) }),
    ...(status !== undefined && { status: statusNamed(status) }),
  };
}

/** What a list's query asks for. */
export function listInputOf(query: ListTasksQuery): ListTasksInput {
  const { page = 1, page_size: limit = DEFAULT_PAGE_SIZE } = query;
  const { sort_by: by = 'created_at', sort_order: order = 'desc' } = query;
  return { filter: filterOf(query), sort: { by, order }, limit, offset: (page - 1) * limit };
}
