import type { Language } from '../language/language';
import type { Failure } from './failure';

/** A failure as it leaves. */
export interface FailureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** How a dialect words failures. */
export abstract class FailureRenderer {
  abstract render(failure: Failure, language: Language): FailureAnswer;
}

/** What went wrong, under a code that never changes. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  /** A list of fields for validation errors, an object otherwise. */
  readonly details: unknown;
}

/** A failure in the words of the dialect whose codes others use too: the one that owns all paths but theirs. */
export abstract class StableFailures extends FailureRenderer {
  abstract tell(failure: Failure, language: Language): Omit<FailureAnswer, 'body'> & { error: ToldError };
}
