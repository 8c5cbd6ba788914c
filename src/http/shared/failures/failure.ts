import { StoreUnavailable } from '@task/application';
import { DomainError, TaskNotFound } from '@task/domain';
import { HttpException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal';

/** A failure that nobody foresaw. The id leads from the answer to the log. */
export class Unexpected {
  constructor(
    readonly cause: unknown,
    readonly id: string = randomUUID(),
  ) {}
}

/** Why a request was not done, in the words of the layer that refused it. */
export type Failure = DomainError | StoreUnavailable | Refusal | Unexpected;

/** The stable word for a failure, the same in every dialect. */
export function codeOf(failure: Failure): string {
  if (failure instanceof Refusal) return failure.kind;
  if (failure instanceof Unexpected) return 'unexpected';
  return failure instanceof StoreUnavailable ? failure.fault : failure.code;
}

/**
 * Sorts whatever was thrown.
 * @param method  the request's own
 * @param methods which methods the request's path takes; none for an unknown path
 */
export function failureOf(error: unknown, method: string, methods: readonly string[]): Failure {
  // `GET /tasks/batch` found the route of one task: there is none called "batch", but another method is taken.
  if (error instanceof TaskNotFound && methods.length > 0 && !methods.includes(method))
    return notAllowed(methods);
  if (error instanceof DomainError || error instanceof StoreUnavailable || error instanceof Refusal)
    return error;
  return error instanceof HttpException && error.getStatus() < 500
    ? ofFramework(error, methods)
    : new Unexpected(error);
}

/** What the framework itself refuses: paths that it cannot decode, and those it has no route for. */
function ofFramework(error: HttpException, methods: readonly string[]): Failure {
  if (error.cause instanceof URIError)
    return Refusal.ofField('path', 'malformed_text', { encoding: 'UTF-8' });
  return methods.length > 0 ? notAllowed(methods) : new Refusal('not_found');
}

/** The refusal of a method that a path does not take. */
export function notAllowed(methods: readonly string[]): Refusal {
  return new Refusal('method_not_allowed', { allowed: methods }, { Allow: methods.join(', ') });
}
