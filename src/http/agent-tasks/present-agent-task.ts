import { builtinNamed, type EpochMs, type Task } from '@task/domain';
import { blockersView } from '../shared/views/blockers';
import { iso, isoOrNull, valueOf } from '../shared/views/format';
import { STATUS_NAMES, type AgentTask } from './agent-task.view';

/** A task, as this dialect tells it. */
export function agentTask(task: Task, now: EpochMs): AgentTask {
  const { state } = task;
  const blockers = blockersView(task, now) ?? [];
  // A task that waits again has nobody, whoever had it before.
  const lease = state.status === 'waiting' ? null : state.lease;
  return {
    task_id: state.id,
    status: STATUS_NAMES[state.status],
    task_type: builtinNamed(state.taskType) ?? state.taskType,
    description: state.prompt,
    parameters: valueOf(state.payload),
    priority: state.priority,
    timeout_seconds: state.timeoutSeconds,
    progress: lease?.progress ?? 0,
    result: valueOf(state.result),
    error: state.errorMessage,
    created_at: iso(state.createdAt),
    started_at: isoOrNull(state.startedAt),
    completed_at: isoOrNull(state.completedAt ?? state.cancelledAt),
    ...(state.concurrencyKey !== null && { concurrency_key: state.concurrencyKey }),
    ...(blockers.length > 0 && { blocked_by: blockers }),
  };
}
