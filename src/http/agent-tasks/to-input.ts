import type { CreateTaskInput, Executor } from '@task/application';
import { BUILTIN_TASK_TYPES, builtinTaskType, JsonDocument, LOWEST_PRIORITY } from '@task/domain';
import type { CreateAgentTaskBody } from './create-agent-task.body';

/** What a client's body asks for. */
export function createInputOf(
  body: CreateAgentTaskBody,
  executor: Executor,
): CreateTaskInput & { readonly taskType: string } {
  const { task_type: name, description, parameters, priority, timeout_seconds: timeoutSeconds } = body;
  return {
    taskType: taskTypeOf(name, executor),
    prompt: description,
    payload: parameters === undefined || parameters === null ? null : JsonDocument.of(parameters),
    priority: priority ?? LOWEST_PRIORITY,
    dependsOn: body.depends_on ?? undefined,
    onDependencyFailure: body.on_dependency_failure ?? undefined,
    concurrencyKey: body.concurrency_key ?? null,
    // Left out, it is what the type says.
    ...(timeoutSeconds !== undefined && timeoutSeconds !== null && { timeoutSeconds }),
  };
}

/** In this dialect `echo` is the service's own, unless its operator has listed another one. */
function taskTypeOf(name: string, { taskTypes }: Executor): string {
  const builtin = BUILTIN_TASK_TYPES.find((own) => own === name);
  return builtin === undefined || taskTypes.includes(name) ? name : builtinTaskType(builtin);
}
