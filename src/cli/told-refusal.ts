import { DomainError, type Violation } from '@task/domain';
import { ServiceRefusal, ServiceUnreachable } from '../client/client-failures';
import { messageOf } from '../http/shared/language/messages';
import { reasonOf } from '../http/shared/language/reasons';
import { StartFailure } from './start-failure';

interface Told {
  readonly field: unknown;
  readonly reason: unknown;
}

/** Waits for a running service. @throws StartFailure in the service's words for what it refuses */
export async function toldByService<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceUnreachable) throw new StartFailure(error.message, { cause: error });
    if (!(error instanceof ServiceRefusal)) throw error;
    throw new StartFailure([error.message, ...reasonsIn(error.details)].join('; '), { cause: error });
  }
}

/**
 * Waits for what is done here.
 * @param why what the message of the refusal does not say
 * @throws StartFailure in the words of the service for what a rule refuses
 */
export async function toldByRules<T>(
  done: Promise<T>,
  why: (error: DomainError) => readonly string[],
): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new StartFailure([messageOf(error.code, 'en'), ...why(error)].join('; '), { cause: error });
  }
}

/** Violations in words, each with its field. */
export function wordedViolations(
  violations: readonly Violation[],
  nameOf: (field: string) => string = (field) => field,
): readonly string[] {
  return violations.map(
    ({ field, reason, constraints }) => `${nameOf(field)} ${reasonOf(reason, constraints, 'en')}`,
  );
}

/** What the details of a refusal say in words: each field with its reason, the figures of a conflict. */
export function reasonsIn(details: unknown): readonly string[] {
  if (Array.isArray(details)) {
    return details.flatMap((each: Told) =>
      typeof each.field === 'string' && typeof each.reason === 'string'
        ? [`${each.field} ${each.reason}`]
        : [],
    );
  }
  const { problems, status } = (details ?? {}) as { readonly problems?: unknown; readonly status?: unknown };
  if (typeof status === 'string') return [`it is ${status}`];
  return Array.isArray(problems) ? problems.filter((problem) => typeof problem === 'string') : [];
}
