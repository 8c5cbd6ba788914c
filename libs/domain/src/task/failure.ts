import type { JsonDocument } from './json-document';

/** Why an attempt failed, and what of it is kept. */
export interface Failure {
  readonly errorMessage: string;
  readonly result: JsonDocument | null;
  /** Whether trying again can help; false ends automatic retries. */
  readonly retryable: boolean;
}
