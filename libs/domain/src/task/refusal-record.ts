import { KeyNameTaken } from '../access/key.errors';
import { ScheduleNameTaken, ScheduleNotFound } from '../schedule/schedule.errors';
import { DomainError } from '../domain-error';
import { TASK_COMMANDS, TASK_STATUSES, type TaskStatus } from './task-status';
import {
  LeaseLost,
  PromptMismatch,
  PromptSaysNothing,
  PromptTooShort,
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskArchived,
  TaskCancelled,
  TaskConflict,
  TaskNotFailed,
  TaskNotFound,
  TaskNotWaiting,
  TaskNotWorking,
} from './task.errors';

/** A refusal as data, to be given again to a caller who asks again under the same idempotency key. */
export interface RefusalRecord {
  readonly code: DomainError['code'];
  readonly taskId?: string;
  readonly status?: string;
  readonly command?: string;
  readonly figures?: readonly number[];
  readonly index?: number;
  readonly name?: string;
}

const CONFLICTS = [
  LeaseLost,
  TaskCancelled,
  TaskAlreadyFinal,
  TaskArchived,
  TaskNotWorking,
  TaskNotWaiting,
  TaskNotFailed,
] as const;

/**
 * The refusal as data, or null for one that is not kept: what was wrong with the request itself, and what may pass the
 * next time without anybody changing anything. Source: behaviour.md 5.
 */
export function recordOf(error: unknown): RefusalRecord | null {
  const record = withoutIndex(error);
  if (record === null || !(error instanceof DomainError) || error.index === null) return record;
  return { ...record, index: error.index };
}

function withoutIndex(error: unknown): RefusalRecord | null {
  if (error instanceof RetriesExhausted) {
    return { code: error.code, taskId: error.taskId, figures: [error.maxRetries] };
  }
  if (error instanceof TaskConflict) {
    const { code, taskId, status, command } = error;
    return { code, taskId, status, command };
  }
  if (error instanceof TaskNotFound) return { code: error.code, taskId: error.taskId };
  if (error instanceof KeyNameTaken) return { code: error.code, name: error.keyName };
  if (error instanceof ScheduleNotFound) return { code: error.code, name: error.scheduleId };
  if (error instanceof ScheduleNameTaken) return { code: error.code, name: error.scheduleName };
  if (error instanceof PromptMismatch)
    return { code: error.code, figures: [error.similarity, error.threshold] };
  if (error instanceof PromptTooShort) return { code: error.code, figures: [error.words, error.minWords] };
  return error instanceof PromptSaysNothing ? { code: error.code } : null;
}

/** The refusal that a record was made of. */
export function refusalFrom(record: RefusalRecord): DomainError {
  const refusal = made(record);
  refusal.index = record.index ?? null;
  return refusal;
}

function made({ code, taskId = '', status, command, figures = [], name = '' }: RefusalRecord): DomainError {
  const [first = 0, second = 0] = figures;
  switch (code) {
    case 'key.name_taken':
      return new KeyNameTaken(name);
    case 'schedule.not_found':
      return new ScheduleNotFound(name);
    case 'schedule.name_taken':
      return new ScheduleNameTaken(name);
    case 'task.not_found':
      return new TaskNotFound(taskId);
    case 'task.retries_exhausted':
      return new RetriesExhausted(taskId, first);
    case 'task.prompt_mismatch':
      return new PromptMismatch(first, second);
    case 'task.prompt_too_short':
      return new PromptTooShort(first, second);
    case 'task.prompt_says_nothing':
      return new PromptSaysNothing();
    default:
      return conflictFrom(code, taskId, status, command);
  }
}

function conflictFrom(code: string, taskId: string, status?: string, command?: string): DomainError {
  const was: TaskStatus = TASK_STATUSES.find((name) => name === status) ?? 'waiting';
  const asked = TASK_COMMANDS.find((name) => name === command) ?? 'renew';
  const refusals = CONFLICTS.map((Conflict) => new Conflict(taskId, was, asked));
  const refusal = refusals.find((candidate) => candidate.code === code);
  if (refusal === undefined) throw new Error(`no refusal is kept under ${code}`);
  return refusal;
}
