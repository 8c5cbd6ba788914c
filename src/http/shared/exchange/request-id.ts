import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const CALLERS_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's own id of its request when that can safely go into headers and logs, else a new UUID. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && CALLERS_ID.test(given) ? given : randomUUID();
}
