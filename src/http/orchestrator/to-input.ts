import type { ClaimTasksInput, CreateTaskInput, ListTasksInput, TaskFilter } from '@task/application';
import { instantOf, JsonDocument, prioritiesOf, priorityOf, type TaskTemplate } from '@task/domain';
import type { BatchTaskBody } from './batches/create-tasks.body';
import type { ClaimTerms } from './dto/claim-terms';
import { tagsIn, type ListTasksQuery } from './dto/list-tasks.query';
import { DEFAULT_LIMIT } from './dto/page-fields';
import type { TaskFilterFields } from './dto/task-filter';
import type { TaskTemplateBody } from './dto/task-template.body';

/** A JSON field of a body as the core carries it. */
export function documentOf(value: object | undefined): JsonDocument | undefined {
  return value === undefined ? undefined : JsonDocument.of(value);
}

/** What a creator's body asks for, by itself or in a batch; what it leaves out is left to the use case. */
export function createInputOf(body: BatchTaskBody): CreateTaskInput {
  const { schedule_for: scheduleFor } = body;
  return {
    ...templateOf(body),
    ...(scheduleFor !== undefined && { availableAt: instantOf(scheduleFor) }),
    ...{ ref: body.ref, dependsOn: body.depends_on, onDependencyFailure: body.on_dependency_failure },
  };
}

/** What a task is to be made of; what the body leaves out is left to the use case. */
export function templateOf(body: TaskTemplateBody): TaskTemplate {
  const { priority, payload, metadata } = body;
  return {
    workDirectory: body.work_directory,
    prompt: body.prompt,
    ...(priority !== undefined && { priority: priorityOf(priority) }),
    ...(body.tags !== undefined && { tags: body.tags }),
    ...(body.task_type !== undefined && { taskType: body.task_type }),
    ...(body.kb_id !== undefined && { kbId: body.kb_id }),
    ...(payload !== undefined && { payload: JsonDocument.of(payload) }),
    ...(metadata !== undefined && { metadata: JsonDocument.of(metadata) }),
    ...(body.max_retries !== undefined && { maxRetries: body.max_retries }),
    ...(body.timeout_seconds !== undefined && { timeoutSeconds: body.timeout_seconds }),
    ...(body.auto_retry !== undefined && { autoRetry: body.auto_retry }),
    ...(body.concurrency_key !== undefined && { concurrencyKey: body.concurrency_key }),
  };
}

/** On what terms a worker claims. @param waitSeconds how long it may wait */
export function claimTermsOf(
  terms: ClaimTerms,
  waitSeconds: number,
): Pick<ClaimTasksInput, 'workerId' | 'recursive' | 'leaseSeconds' | 'waitSeconds'> {
  const { worker_id: workerId, recursive, lease_seconds: leaseSeconds } = terms;
  return { workerId, recursive, leaseSeconds, waitSeconds };
}

/** What a list's query asks for. */
export function listInputOf(query: ListTasksQuery): ListTasksInput {
  const { sort_by: by = 'created_at', sort_order: order = 'desc', limit = DEFAULT_LIMIT, offset = 0 } = query;
  const tags = query.tags === undefined ? undefined : tagsIn(query.tags);
  return { filter: filterOf(query, tags), sort: { by, order }, limit, offset, cursor: query.cursor };
}

/** Which tasks are meant. */
export function filterOf(query: TaskFilterFields, tags: readonly string[] | undefined): TaskFilter {
  const { status, priority, tags_mode: mode = 'all' } = query;
  const createdAfter = timeOf(query.created_after);
  const createdBefore = timeOf(query.created_before);
  return {
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priorities: prioritiesOf(priority) }),
    ...(query.work_directory !== undefined && { directoryContains: query.work_directory }),
    ...(query.task_type !== undefined && { taskType: query.task_type }),
    ...(query.kb_id !== undefined && { kbId: query.kb_id }),
    ...(tags !== undefined && { tags: { names: tags, mode } }),
    ...(createdAfter !== null && { createdAfter }),
    ...(createdBefore !== null && { createdBefore }),
  };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : instantOf(text);
}
