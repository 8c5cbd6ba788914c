import type { ToldError } from '../shared/failures/failure-renderer';

/** How dialect A wraps every answer that went well. */
export interface Success<Data> {
  readonly success: true;
  readonly data: Data;
  readonly error: null;
  readonly timestamp: string;
}

/** What went wrong, in dialect A. */
export type ErrorBody = ToldError;

/** How dialect A wraps every answer that went wrong. */
export interface Failed {
  readonly success: false;
  readonly data: null;
  readonly error: ErrorBody;
  readonly timestamp: string;
}

/** Wraps what was asked for. */
export function success<Data>(data: Data): Success<Data> {
  return { success: true, data, error: null, timestamp: new Date().toISOString() };
}

/** Wraps what went wrong. */
export function failed(error: ErrorBody): Failed {
  return { success: false, data: null, error, timestamp: new Date().toISOString() };
}
