import { Injectable } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import {
  ConfigurationContradictory,
  ConfigurationInvalid,
  ConfigurationNeedsRestart,
  ConfigurationShutsOutCaller,
  ExecutorFull,
  IdempotencyKeyInUse,
  IdempotencyKeyReused,
  InvalidKey,
  InvalidSchedule,
  InvalidTask,
  KeyNameTaken,
  KeyNotFound,
  PromptMismatch,
  PromptTooShort,
  QueueFull,
  QueueOverloaded,
  RetriesExhausted,
  ScheduleNameTaken,
  ScheduleNotFound,
  TaskConflict,
  TaskNotFound,
  type DomainError,
  type Violation,
} from '@task/domain';
import { comeBackAfter } from '../shared/failures/come-back';
import { Unexpected, type Failure } from '../shared/failures/failure';
import type { FailureAnswer, StableFailures } from '../shared/failures/failure-renderer';
import { Refusal } from '../shared/failures/refusal';
import type { Language } from '../shared/language/language';
import { messageOf, type MessageKey } from '../shared/language/messages';
import { reasonOf } from '../shared/language/reasons';
import { failed } from './envelope';
import { CODE_OF, STATUS_OF } from './failure-table';
import { fieldNameOf, itemFieldOf } from './field-names';

interface Told {
  readonly key: MessageKey;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Words failures as dialect A does: its envelope, its codes. */
@Injectable()
export class OrchestratorFailures implements StableFailures {
  render(failure: Failure, language: Language): FailureAnswer {
    const { error, ...answer } = this.tell(failure, language);
    return { ...answer, body: failed(error) };
  }

  tell(failure: Failure, language: Language): ReturnType<StableFailures['tell']> {
    const { key, details, headers } = told(failure, language);
    const code = CODE_OF[key];
    return { status: STATUS_OF[code], headers, error: { code, message: messageOf(key, language), details } };
  }
}

function told(failure: Failure, language: Language): Told {
  if (failure instanceof Refusal) {
    const { kind, violations, details, headers } = failure;
    return { key: kind, details: kind === 'invalid' ? listed(violations, language) : details, headers };
  }
  if (failure instanceof Unexpected)
    return { key: 'unexpected', details: { error_id: failure.id }, headers: {} };
  if (failure instanceof StoreUnavailable) {
    const { fault } = failure;
    return { key: fault, ...comeBackAfter(fault) };
  }
  if (failure instanceof InvalidTask || failure instanceof InvalidKey) {
    const violations = failure.violations.map((violation) => inItem(violation, failure.index));
    return { key: failure.code, details: listed(violations, language), headers: {} };
  }
  if (failure instanceof ConfigurationInvalid || failure instanceof InvalidSchedule) {
    return { key: failure.code, details: listed(failure.violations, language), headers: {} };
  }
  if (failure instanceof QueueFull || failure instanceof ExecutorFull) {
    const { details, headers } = comeBackAfter(failure.code);
    return { key: failure.code, details: { ...details, max_waiting: failure.maxWaiting }, headers };
  }
  if (failure instanceof QueueOverloaded) return { key: failure.code, ...comeBackAfter(failure.code) };
  const headers = failure instanceof IdempotencyKeyInUse ? comeBackAfter(failure.code).headers : {};
  const { index } = failure;
  return {
    key: failure.code,
    details: { ...figuresOf(failure), ...(index !== null && { index }) },
    headers,
  };
}

function figuresOf(error: DomainError): object {
  if (error instanceof TaskConflict) {
    const code = error.code.replace('task.', '').toUpperCase();
    const limit = error instanceof RetriesExhausted ? { max_retries: error.maxRetries } : {};
    return { code, status: error.status, ...limit };
  }
  if (error instanceof TaskNotFound) return { task_id: error.taskId };
  if (error instanceof KeyNotFound) return { key_id: error.keyId };
  if (error instanceof KeyNameTaken) return { code: 'NAME_TAKEN', name: error.keyName };
  if (error instanceof ScheduleNotFound) return { schedule_id: error.scheduleId };
  if (error instanceof ScheduleNameTaken) return { code: 'NAME_TAKEN', name: error.scheduleName };
  if (error instanceof PromptMismatch) {
    return { similarity: Number(error.similarity.toFixed(3)), required: error.threshold };
  }
  if (error instanceof IdempotencyKeyInUse || error instanceof IdempotencyKeyReused) {
    return { code: error.code.replace('.', '_').toUpperCase() };
  }
  if (error instanceof PromptTooShort) return { words: error.words, required: error.minWords };
  return configurationFigures(error);
}

function configurationFigures(error: DomainError): object {
  if (error instanceof ConfigurationNeedsRestart) {
    const { settings } = error;
    const named = settings.map(({ field, name }) => ({ field, setting: name }));
    return { code: 'NEEDS_RESTART', settings: named };
  }
  if (error instanceof ConfigurationContradictory) return { code: 'CONTRADICTORY', problems: error.problems };
  if (error instanceof ConfigurationShutsOutCaller)
    return { code: 'SHUTS_OUT_CALLER', address: error.address };
  return {};
}

/** Of several tasks in one request, the field says which one. */
function inItem(violation: Violation, index: number | null): Violation {
  return index === null ? violation : { ...violation, field: itemFieldOf(index, violation.field) };
}

function listed(violations: readonly Violation[], language: Language): object[] {
  return violations.map(({ field, reason, constraints }) => ({
    field: fieldNameOf(field),
    reason: reasonOf(reason, constraints, language),
    constraints,
  }));
}
