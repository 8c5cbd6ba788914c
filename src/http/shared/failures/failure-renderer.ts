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
