import { StoreUnavailable } from '@task/application';

/** Nobody answers at the address, or nobody lets us in: nothing can have happened. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  '57P03',
  '3D000',
  '28000',
  '28P01',
]);
/** The database is there and had no room or no lock for us: the transaction was taken back. */
const OVERLOADED = new Set(['53300', '53400', '55P03', '57014', '40001', '40P01', '25P03']);
/** The disk is full: the transaction was taken back. */
const DISK_FULL = '53100';
/** The connection broke, or the server did, while it worked: nobody knows. */
const UNKNOWN = /^(08|53|57|58|XX|ECONNRESET|EPIPE|ETIMEDOUT)/;
const BROKEN_CONNECTION = /connection (terminated|ended|closed)|not queryable|query read timeout/i;
/** There was no connection to be had in time, and nothing was asked of anybody. */
const NO_CONNECTION = /timeout exceeded when trying to connect/i;
const NOBODY_CONNECTED = /connection terminated due to connection timeout/i;

/** What an error of PostgreSQL or its driver means to a caller, or null when it is a mistake of ours. */
export function postgresFault(error: unknown): StoreUnavailable | null {
  if (error instanceof StoreUnavailable) return error;
  const code = codeOf(error);
  if (UNREACHABLE.has(code)) return new StoreUnavailable('unreachable', { cause: error });
  if (OVERLOADED.has(code)) return new StoreUnavailable('overloaded', { cause: error });
  if (code === DISK_FULL) return new StoreUnavailable('no_space', { cause: error });
  const message = messageOf(error);
  if (NO_CONNECTION.test(message)) return new StoreUnavailable('overloaded', { cause: error });
  if (NOBODY_CONNECTED.test(message)) return new StoreUnavailable('unreachable', { cause: error });
  const isBroken = UNKNOWN.test(code) || BROKEN_CONNECTION.test(message);
  return isBroken ? new StoreUnavailable('unknown', { cause: error }) : null;
}

/** A deadlock or a failed serialisation: the same transaction, run again, is likely to pass. */
export function isRepeatable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : '';
}
