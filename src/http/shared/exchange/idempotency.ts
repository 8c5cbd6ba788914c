import { Injectable } from '@nestjs/common';
import type { Cancellation, IdempotencyKey } from '@task/application';
import { faultsAt, IdempotencyKeyInUse, printable } from '@task/domain';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../failures/refusal';

/** The header that makes a request safe to repeat. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
/** What it takes. */
export const IDEMPOTENCY_KEY = printable({ min: 1, max: 255 });

const NODES_NAME = 'idempotency-key';

/** What of an exchange a key needs. */
interface Repeatable extends Cancellation {
  readonly response: ServerResponse;
  readonly keys: KeysInFlight;
  readonly fingerprint: string | null;
}

/** The idempotency keys of requests that have no answer yet. */
@Injectable()
export class KeysInFlight {
  private readonly held = new Set<string>();

  /** Holds a key until its request is answered, or its caller has hung up. @throws IdempotencyKeyInUse */
  hold(key: string, response: ServerResponse): void {
    if (this.held.has(key)) throw new IdempotencyKeyInUse();
    this.held.add(key);
    response.once('close', () => this.held.delete(key));
  }
}

/** Whether a request carries an idempotency key, good or not. */
export function hasIdempotencyKey({ headers }: IncomingMessage): boolean {
  return headers[NODES_NAME] !== undefined;
}

/** Digest of method, path with query, and body: tells a repeated request from another one under the same key. */
export function fingerprintOf({ method, url }: IncomingMessage, body: readonly Buffer[]): string {
  const hash = createHash('sha256').update(`${method ?? ''} ${url ?? ''}\n`);
  for (const chunk of body) hash.update(chunk);
  return hash.digest('base64url');
}

/** The idempotency key of a request, which it then holds; undefined when it names none. */
export function idempotencyOf(
  request: IncomingMessage,
  actor: string,
  exchange: Repeatable,
): IdempotencyKey | undefined {
  if (!hasIdempotencyKey(request)) return undefined;
  const key = heldKey(givenKey(request), actor, exchange);
  const onReplay = (): void => {
    const { response } = exchange;
    if (!response.headersSent) response.setHeader('Idempotency-Replayed', 'true');
  };
  return { key, fingerprint: exchange.fingerprint ?? fingerprintOf(request, []), onReplay };
}

/** The digest of a caller and its key, which the exchange holds until it is answered. @throws IdempotencyKeyInUse */
export function heldKey(given: string, actor: string, { aborted, response, keys }: Repeatable): string {
  const key = createHash('sha256')
    .update(JSON.stringify([actor, given]))
    .digest('base64url');
  // Who has hung up already is answered nothing: its key would never be let go.
  if (!aborted) keys.hold(key, response);
  return key;
}

/** The key in a request's header. @throws Refusal of one that is none */
export function givenKey({ headersDistinct }: IncomingMessage): string {
  const [key = '', ...more] = headersDistinct[NODES_NAME] ?? [];
  if (more.length > 0) throw Refusal.ofField(IDEMPOTENCY_HEADER, 'not_unique');
  const violations = faultsAt(IDEMPOTENCY_HEADER, IDEMPOTENCY_KEY.check(key));
  if (violations.length > 0) throw Refusal.ofFields(violations);
  return key;
}
