import type { Principal } from '@task/domain';
import type { Call, Cancellation, Origin } from '@task/application';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Charge } from '../limits/charge';
import { idempotencyOf, type KeysInFlight } from './idempotency';

const EXCHANGE = Symbol('exchange');
const NOBODY: readonly (() => void)[] = [];

interface Carrier extends IncomingMessage {
  [EXCHANGE]?: Exchange;
}

/** One request and its answer: who asks, under which id, and whether anybody still waits. */
export class Exchange implements Cancellation {
  /** Null until the caller is known, and for callers without a valid key. */
  caller: Principal | null = null;
  /** Digest of the request with its body; made while that is read, where an idempotency key needs it. */
  fingerprint: string | null = null;
  /** What was refused within an answer that went well: to be charged like refused requests. */
  refusals = 0;
  /** Why the request was refused, once it was. */
  failureCode: string | null = null;
  /** The task that the request has made or claimed, and by which worker. */
  task: { readonly id: string; readonly workerId?: string | null } | null = null;
  /** When it came, by the monotonic clock. */
  readonly startedAt = performance.now();
  /**
   * Charges the caller for what its body asks for, where its URL did not tell; to be called once the body is read.
   * @throws Refusal of one request too many
   */
  charge: (charge: Charge) => Promise<void> = () => Promise.resolve();
  /** Whether that was done. */
  isCharged = false;
  private deadline: NodeJS.Timeout | undefined;
  private isAborted = false;
  private onceAborted: readonly (() => void)[] = NOBODY;

  constructor(
    readonly id: string,
    readonly response: ServerResponse,
    readonly keys: KeysInFlight,
    /** The client's address (`ClientAddresses`); null for the operator's own door. */
    readonly address: string | null,
  ) {}

  get aborted(): boolean {
    return this.isAborted;
  }

  onAbort(tell: () => void): void {
    this.onceAborted = [...this.onceAborted, tell];
  }

  /** Nobody waits for the answer any more. */
  abort(): void {
    this.isAborted = true;
    const told = this.onceAborted;
    this.onceAborted = NOBODY;
    for (const tell of told) tell();
  }

  /** Calls back when the answer has not left within this time. */
  expireAfter(ms: number, onExpiry: () => void): void {
    this.deadline = setTimeout(onExpiry, ms);
  }

  /** The answer has left, or may take as long as somebody listens. */
  liftDeadline(): void {
    clearTimeout(this.deadline);
  }
}

/** Makes this the exchange that a request belongs to. */
export function openExchange(request: IncomingMessage, exchange: Exchange): void {
  (request as Carrier)[EXCHANGE] = exchange;
}

/** The exchange that a request belongs to. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const exchange = (request as Carrier)[EXCHANGE];
  if (exchange === undefined) throw new Error('the request did not come through the edge');
  return exchange;
}

/** Notes which task a request is about, where its path does not say. */
export function noteTask(request: IncomingMessage, id: string, workerId: string | null = null): void {
  exchangeOf(request).task = { id, workerId };
}

/** Where a request comes from, for what is written down about it. */
export function originOf({ address, id }: Exchange): Origin {
  return { address, requestId: id };
}

/**
 * The call that an authorised request makes, once.
 * @throws Refusal of an idempotency key that is none, IdempotencyKeyInUse
 */
export function callOf(request: IncomingMessage): Call {
  const exchange = exchangeOf(request);
  if (exchange.caller === null) throw new Error('the request was let through without a caller');
  const { name: actor } = exchange.caller;
  return {
    actor,
    signal: exchange,
    idempotency: idempotencyOf(request, actor, exchange),
    origin: originOf(exchange),
  };
}
