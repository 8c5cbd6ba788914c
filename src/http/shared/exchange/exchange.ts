import type { Principal } from '@task/domain';
import type { Call, Cancellation } from '@task/application';
import type { IncomingMessage } from 'node:http';

const EXCHANGE = Symbol('exchange');

interface Carrier extends IncomingMessage {
  [EXCHANGE]?: Exchange;
}

/** One request and its answer: who asks, under which id, and whether anybody still waits. */
export class Exchange implements Cancellation {
  aborted = false;
  /** Null until the caller is known, and for callers without a valid key. */
  caller: Principal | null = null;

  constructor(readonly id: string) {}
}

/** Begins the exchange of a request. */
export function openExchange(request: IncomingMessage, id: string): Exchange {
  const exchange = new Exchange(id);
  (request as Carrier)[EXCHANGE] = exchange;
  return exchange;
}

/** The exchange that a request belongs to. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = (request as Carrier)[EXCHANGE];
  if (exchange === undefined) throw new Error('the request did not come through the edge');
  return exchange;
}

/** The call that an authorised request makes. */
export function callOf(request: IncomingMessage): Call {
  const exchange = exchangeOf(request);
  if (exchange.caller === null) throw new Error('the request was let through without a caller');
  return { actor: exchange.caller.name, signal: exchange };
}
