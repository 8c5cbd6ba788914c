import { stripVTControlCharacters } from 'node:util';
import { saysFailed, TASK_RULES, toldError } from '@task/domain';
import { AttemptEnded, TaskFailure } from './task-handler';
import type { FailureReport } from './work-source';

/** What is to be told about an attempt whose handler has ended. */
export type Outcome =
  | { readonly kind: 'completed'; readonly result: object | undefined }
  | { readonly kind: 'failed'; readonly failure: FailureReport; readonly summary: string };

type Failed = Extract<Outcome, { kind: 'failed' }>;

const MAX_CHARACTERS = TASK_RULES.errorMessage.schema.maxLength ?? 0;
const UNEXPLAINED = 'the handler failed without a message';
const SAID_SO = 'the result says that it is a failure';

/**
 * What a handler's result amounts to: one that says so is a failure, as it would be for the queue, and one that the queue
 * cannot store is a failure that says so.
 */
export function outcomeOf(returned: unknown): Outcome {
  if (returned === undefined || returned === null) return { kind: 'completed', result: undefined };
  const result = isPlainObject(returned) ? returned : { output: returned };
  const [fault] = TASK_RULES.resultObject.check(result);
  if (fault === undefined) return stored(result);
  const figures = JSON.stringify(fault.constraints);
  return failed(`the result cannot be stored: ${fault.reason} ${figures}`, false);
}

function stored(result: object): Outcome {
  if (!saysFailed(result)) return { kind: 'completed', result };
  return { ...failed(toldError(result), true, result), summary: SAID_SO };
}

/** What a handler's failure amounts to. */
export function failureOf(thrown: unknown): Outcome {
  if (!(thrown instanceof TaskFailure)) return failed(messageOf(thrown), true);
  const { message, retryable, result, summary } = thrown;
  const isStorable = result !== undefined && TASK_RULES.resultObject.check(result).length === 0;
  return { ...failed(message, retryable, isStorable ? result : undefined), summary };
}

/** A failure whose message the queue takes, whatever the given one was. */
export function failed(message: string, retryable: boolean, result?: object): Failed {
  const short = storable(message, MAX_CHARACTERS);
  const told = short || UNEXPLAINED;
  return { kind: 'failed', failure: { message: told, retryable, result }, summary: told };
}

/** As much of a text as the queue takes, and what it can keep of that. @param most characters */
export function storable(text: string, most: number): string {
  const clean = stripVTControlCharacters(text).toWellFormed().replaceAll('\0', '').trim();
  return [...clean].slice(0, most).join('');
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof AttemptEnded) return `the handler gave up: ${thrown.message}`;
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.name === 'Error' ? thrown.message : `${thrown.name}: ${thrown.message}`;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
