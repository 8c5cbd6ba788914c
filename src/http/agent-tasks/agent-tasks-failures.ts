import { Injectable } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import {
  ExecutorFull,
  IdempotencyKeyInUse,
  InvalidTask,
  QueueFull,
  QueueOverloaded,
  type Violation,
} from '@task/domain';
import { comeBackAfter } from '../shared/failures/come-back';
import { Unexpected, type Failure } from '../shared/failures/failure';
import type { FailureAnswer, FailureRenderer } from '../shared/failures/failure-renderer';
import { Refusal } from '../shared/failures/refusal';
import { IDEMPOTENCY_HEADER } from '../shared/exchange/idempotency';
import type { Language } from '../shared/language/language';
import { messageOf, type MessageKey } from '../shared/language/messages';
import { reasonOf } from '../shared/language/reasons';
import { STATUS_OF, TYPE_OF } from './failure-table';

/** A mistake of a request, as the framework of the dialect's document tells it. */
export interface FieldMistake {
  /** Where: `["body", "priority"]`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** What went wrong, in dialect C. */
export interface DetailBody {
  readonly detail: string | readonly FieldMistake[];
}

/** Words failures as dialect C does: `{detail}`, which is text, or a list for a request that is not valid. */
@Injectable()
export class AgentTasksFailures implements FailureRenderer {
  render(failure: Failure, language: Language): FailureAnswer {
    const key = keyOf(failure);
    const violations = violationsOf(failure);
    const detail =
      violations?.map((violation) => mistake(violation, partOf(failure), language)) ??
      messageOf(key, language) + figureOf(failure);
    const body: DetailBody = { detail };
    return { status: STATUS_OF[key], headers: headersOf(failure), body };
  }
}

function keyOf(failure: Failure): MessageKey {
  if (failure instanceof Refusal) return failure.kind;
  if (failure instanceof Unexpected) return 'unexpected';
  return failure instanceof StoreUnavailable ? failure.fault : failure.code;
}

/** Text is all that this dialect has to say which role is needed. */
function figureOf(failure: Failure): string {
  const isForbidden = failure instanceof Refusal && failure.kind === 'forbidden';
  const { required_role: role } = isForbidden ? failure.details : {};
  return typeof role === 'string' ? ` (${role})` : '';
}

function violationsOf(failure: Failure): readonly Violation[] | null {
  if (failure instanceof InvalidTask) return failure.violations;
  return failure instanceof Refusal && failure.kind === 'invalid' ? failure.violations : null;
}

function headersOf(failure: Failure): Readonly<Record<string, string>> {
  if (failure instanceof Refusal) return failure.headers;
  if (failure instanceof StoreUnavailable) return comeBackAfter(failure.fault).headers;
  const isPassing =
    failure instanceof QueueFull ||
    failure instanceof QueueOverloaded ||
    failure instanceof ExecutorFull ||
    failure instanceof IdempotencyKeyInUse;
  return isPassing ? comeBackAfter(failure.code).headers : {};
}

function mistake(
  { field, reason, constraints }: Violation,
  part: 'body' | 'query',
  language: Language,
): FieldMistake {
  return { loc: placeOf(field, part), msg: reasonOf(reason, constraints, language), type: TYPE_OF[reason] };
}

/** What the fields that the core names are called here; every other name is the same. */
const NAMES: Readonly<Record<string, string>> = {
  taskType: 'task_type',
  prompt: 'description',
  payload: 'parameters',
  timeoutSeconds: 'timeout_seconds',
  dependsOn: 'depends_on',
  onDependencyFailure: 'on_dependency_failure',
  concurrencyKey: 'concurrency_key',
};

/** Which part of the request its fields are of. */
function partOf(failure: Failure): 'body' | 'query' {
  return failure instanceof Refusal && failure.details.in === 'query' ? 'query' : 'body';
}

function placeOf(field: string, part: 'body' | 'query'): readonly (string | number)[] {
  if (field === part || field === 'path') return [field];
  if (part === 'query') return [part, field];
  if (field === IDEMPOTENCY_HEADER) return ['header', field];
  const [name = field, ...deeper] = field.split(/[.[\]]+/).filter((part) => part !== '');
  const own = Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name;
  return [part, own, ...deeper.map((each) => (/^\d+$/.test(each) ? Number(each) : each))];
}
