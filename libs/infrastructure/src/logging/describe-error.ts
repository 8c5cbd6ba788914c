/** An error as it may stand in a log. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  /** Where it was thrown, without the message. */
  readonly stack?: string;
  readonly cause?: ErrorDescription;
  readonly errors?: readonly ErrorDescription[];
}

/** Anything that may hang on a thrown value. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly driverError?: unknown;
  readonly severity?: unknown;
}

const MAX_CAUSES = 4;
const MAX_MESSAGE = 1_000;
const HIDDEN = 'database error (its text may hold data)';

/**
 * PostgreSQL's classes of errors whose message names our tables, its settings or its state, and never a value.
 * The others, such as 22P02 `invalid input syntax for type uuid: "…"`, quote what a caller sent.
 */
const SILENT_ABOUT_VALUES = new Set(['08', '23', '28', '3D', '40', '42', '53', '55', '57', '58']);

/** What a log may tell about an error: never a query's parameters. */
export function describeError(thrown: unknown, depth = 0): ErrorDescription {
  if (typeof thrown !== 'object' || thrown === null)
    return { type: typeof thrown, message: shorten(String(thrown)) };
  const error: Thrown = thrown;
  const code = codeOf(error);
  const more = depth < MAX_CAUSES ? causesOf(error, depth + 1) : {};
  return {
    type: typeof error.name === 'string' ? error.name : 'Error',
    message: messageOf(error, code),
    ...(code !== null && { code }),
    ...stackOf(error),
    ...more,
  };
}

function messageOf({ message, driverError, severity }: Thrown, code: string | null): string {
  const fromDatabase = driverError !== undefined || severity !== undefined;
  if (fromDatabase && !isSilentAboutValues(code)) return HIDDEN;
  return typeof message === 'string' ? shorten(message) : '';
}

function isSilentAboutValues(code: string | null): boolean {
  return code !== null && (code.startsWith('SQLITE_') || SILENT_ABOUT_VALUES.has(code.slice(0, 2)));
}

function codeOf({ code, driverError }: Thrown): string | null {
  if (typeof code === 'string') return code;
  const inner = (driverError as Thrown | undefined)?.code;
  return typeof inner === 'string' ? inner : null;
}

/** The frames alone: what stands before them repeats the message. */
function stackOf({ stack, message }: Thrown): { readonly stack?: string } {
  if (typeof stack !== 'string') return {};
  const rest = typeof message === 'string' && message !== '' ? stack.replaceAll(message, '') : stack;
  const frames = rest.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length === 0 ? {} : { stack: frames.map((frame) => frame.trim()).join('\n') };
}

function causesOf({ cause, errors }: Thrown, depth: number): Pick<ErrorDescription, 'cause' | 'errors'> {
  return {
    ...(cause !== undefined && { cause: describeError(cause, depth) }),
    ...(Array.isArray(errors) && {
      errors: errors.slice(0, MAX_CAUSES).map((error) => describeError(error, depth)),
    }),
  };
}

function shorten(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}
