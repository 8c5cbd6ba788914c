import { Injectable } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import {
  ExecutorFull,
  IdempotencyKeyInUse,
  InvalidTask,
  QueueFull,
  QueueOverloaded,
  RetriesExhausted,
  TaskConflict,
  TaskNotFound,
  type DomainError,
  type Violation,
} from '@task/domain';
import { comeBackAfter } from '../shared/failures/come-back';
import { Unexpected, type Failure } from '../shared/failures/failure';
import type { FailureAnswer, FailureRenderer } from '../shared/failures/failure-renderer';
import { Refusal } from '../shared/failures/refusal';
import type { Language } from '../shared/language/language';
import { messageOf, type MessageKey } from '../shared/language/messages';
import { reasonOf } from '../shared/language/reasons';
import { CODE_OF, CODE_OF_CONFLICT, STATUS_OF, TITLES, type WireCode } from './failure-table';
import { placeOf } from './field-names';
import { statusNameOf } from './status-names';

/** What went wrong, in this dialect. */
export interface ErrorBody {
  /** In a few words. */
  readonly error: string;
  readonly message: string;
  readonly code: string;
  readonly details: object;
}

interface Told {
  readonly key: Exclude<MessageKey, symbol> & keyof typeof CODE_OF;
  /** Where it is not that of the key. */
  readonly code?: WireCode | undefined;
  readonly details: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Words failures as the task manager's document does. */
@Injectable()
export class TaskManagerFailures implements FailureRenderer {
  render(failure: Failure, language: Language): FailureAnswer {
    const { key, code = CODE_OF[key], details, headers = {} } = told(failure, language);
    const body: ErrorBody = {
      error: TITLES[language][code],
      message: messageOf(key, language),
      code,
      details,
    };
    return { status: STATUS_OF[code], headers, body };
  }
}

function told(failure: Failure, language: Language): Told {
  if (failure instanceof Refusal) {
    const { kind, violations, details, headers } = failure;
    return {
      key: kind,
      details: kind === 'invalid' ? fieldsOf(violations, null, language) : details,
      headers,
    };
  }
  if (failure instanceof Unexpected) return { key: 'unexpected', details: { error_id: failure.id } };
  if (failure instanceof StoreUnavailable) return { key: failure.fault, ...comeBackAfter(failure.fault) };
  return ofDomain(failure, language);
}

function ofDomain(failure: DomainError, language: Language): Told {
  const { code: key, index } = failure;
  if (failure instanceof InvalidTask) return { key, details: fieldsOf(failure.violations, index, language) };
  if (failure instanceof TaskConflict) {
    return { key, code: CODE_OF_CONFLICT[failure.command], details: figuresOf(failure) };
  }
  if (failure instanceof TaskNotFound) return { key, details: { task_id: failure.taskId } };
  if (failure instanceof QueueFull || failure instanceof ExecutorFull) {
    const { details, headers } = comeBackAfter(failure.code);
    return { key, details: { ...details, max_waiting: failure.maxWaiting }, headers };
  }
  if (failure instanceof IdempotencyKeyInUse || failure instanceof QueueOverloaded)
    return { key, ...comeBackAfter(failure.code) };
  return { key, details: index === null ? {} : { index } };
}

function figuresOf(conflict: TaskConflict): object {
  const reason = conflict.code.replace('task.', '').toUpperCase();
  const limit = conflict instanceof RetriesExhausted ? { max_retries: conflict.maxRetries } : {};
  return { task_id: conflict.taskId, reason, status: statusNameOf(conflict.status), ...limit };
}

/** Every wrong field; of several tasks, the place of each, and of the first of them. */
function fieldsOf(violations: readonly Violation[], of: number | null, language: Language): object {
  const fields = violations.map(({ field: named, reason, constraints }) => {
    const { index, field } = placeOf(named);
    const place = of ?? index;
    return {
      ...(place !== null && { index: place }),
      field,
      reason: reasonOf(reason, constraints, language),
      constraints,
    };
  });
  const first = fields.find((field) => field.index !== undefined)?.index;
  return { ...(first !== undefined && { index: first }), fields };
}
