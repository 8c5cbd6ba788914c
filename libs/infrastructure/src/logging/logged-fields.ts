/** What may stand in a line of the log; everything else that is given to it is left out. */
export const LOGGED_FIELDS = [
  'context',
  'event',
  'request_id',
  'error_id',
  'method',
  'route',
  'status',
  'code',
  'duration_ms',
  'error',
  'stack',
  'err',
  'version',
  'signal',
  'url',
  'task_manager',
  'docs',
  'socket',
  'database',
  'admin_key_file',
  'migrations',
  'running',
  'reloaded',
  'kept',
  'task_id',
  'task_type',
  'attempt',
  'worker_id',
  'outcome',
  'reason',
  'handlers_file',
  'task_types',
] as const;

/** What may stand in the line of a request. */
export const LOGGED_FIELDS_OF_REQUEST = [
  'request_id',
  'key',
  'address',
  'method',
  'route',
  'status',
  'aborted',
  'code',
  'duration_ms',
  'worker_id',
  'task_id',
] as const;

/** Fields of one line. */
export type LogFields = Readonly<Partial<Record<(typeof LOGGED_FIELDS)[number], unknown>>>;

const MAX_TEXT = 500;
const MAX_ITEMS = 50;
/** Most text: the test is much cheaper than the replacement. */
const HARMLESS = /^[\x20-\x7e]*$/;

/** The given fields as far as they may be logged. Errors are left to their own description. */
export function pickLogged(given: object): Record<string, unknown> {
  const fields = given as LogFields;
  const picked: Record<string, unknown> = {};
  for (const name of LOGGED_FIELDS) {
    const value = name === 'err' ? fields.err : plain(fields[name]);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** The same for the line of a request, of which there are thousands a second. */
export function pickLoggedOfRequest(given: object): Record<string, unknown> {
  const fields = given as Readonly<Record<string, unknown>>;
  const picked: Record<string, unknown> = {};
  for (const name of LOGGED_FIELDS_OF_REQUEST) {
    const value = plain(fields[name]);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** Text on one line, a number or a flag, or a list of these: objects could bring anything along. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return oneLine(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.slice(0, MAX_ITEMS).map(plain) : undefined;
}

/** Text that can neither begin a line of its own nor steer a terminal. */
export function oneLine(text: string): string {
  if (text.length <= MAX_TEXT && HARMLESS.test(text)) return text;
  return text.slice(0, MAX_TEXT).replace(/\p{C}/gu, '\uFFFD');
}
