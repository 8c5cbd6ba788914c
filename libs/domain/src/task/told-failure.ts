import { TASK_RULES } from './task-rules';

const MAX_CHARACTERS = TASK_RULES.errorMessage.schema.maxLength ?? 0;
const UNEXPLAINED = 'the worker reported a failure without an error';

/** Whether a result says of itself that it is a failure: an object with `"status": "failed"`. Source: behaviour.md 4. */
export function saysFailed(result: unknown): boolean {
  return fieldsOf(result).status === 'failed';
}

/** The error message of a result that is a failure: its `error`, as much of it as can be kept, or words of our own. */
export function toldError(result: unknown): string {
  const { error } = fieldsOf(result);
  if (typeof error !== 'string') return UNEXPLAINED;
  const clean = error.toWellFormed().replaceAll('\0', '');
  return [...clean].slice(0, MAX_CHARACTERS).join('') || UNEXPLAINED;
}

function fieldsOf(result: unknown): { readonly status?: unknown; readonly error?: unknown } {
  return typeof result === 'object' && result !== null ? result : {};
}
