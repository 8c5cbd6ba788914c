import type { AttemptOutcome, WorkEvent } from './runtime/work-event';
import type { WorkTask } from './runtime/work-task';

/** Where a worker's events are logged. */
export interface WorkLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const LEVELS: Readonly<Record<AttemptOutcome, keyof WorkLog>> = {
  completed: 'debug',
  failed: 'info',
  timed_out: 'warn',
  cancelled: 'info',
  lost: 'warn',
  released: 'info',
  unreported: 'warn',
};

/** Logs what happens in a worker: what went as it should only for those who look closely. */
export function logWork(log: WorkLog, event: WorkEvent): void {
  switch (event.kind) {
    case 'started':
      log.debug({ event: 'task_started', ...fieldsOf(event.task) }, 'task started');
      return;
    case 'ended': {
      const { task, outcome, summary, durationMs } = event;
      const fields = { ...fieldsOf(task), outcome, reason: summary, duration_ms: durationMs };
      log[LEVELS[outcome]]({ event: 'task_ended', ...fields }, `task ${outcome.replace('_', ' ')}`);
      return;
    }
    case 'abandoned':
      log.warn({ event: 'handler_stuck', ...fieldsOf(event.task) }, 'the handler does not end');
      return;
    case 'away':
      log.warn({ event: 'queue_away', reason: event.reason }, 'the queue gives no answer');
      return;
    case 'back':
      log.info({ event: 'queue_back' }, 'the queue answers again');
      return;
    case 'progress':
    case 'stopping':
      return;
  }
}

function fieldsOf({ id, taskType, attempt }: WorkTask): object {
  return { task_id: id, task_type: taskType, attempt };
}
