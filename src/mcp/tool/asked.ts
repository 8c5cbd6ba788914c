import type { Call, Cancellation, IdempotencyKey } from '@task/application';
import type { Principal } from '@task/domain';
import type { Request } from 'express';
import { createHash } from 'node:crypto';
import { exchangeOf, originOf, type Exchange } from '../../http/shared/exchange/exchange';
import { givenKey, hasIdempotencyKey, heldKey } from '../../http/shared/exchange/idempotency';

/** One message of MCP that asks for something, and the request that brought it. */
export class Asked {
  /** Whether the answer is that of an earlier call under the same key. */
  isReplay = false;
  readonly caller: Principal;
  private readonly exchange: Exchange;

  constructor(
    readonly request: Request,
    /** Aborted when the client cancels the message, or hangs up. */
    readonly cancelled: AbortSignal,
    /** Whether the client follows tasks by itself (the Tasks extension). */
    readonly followsTasks: boolean,
  ) {
    this.exchange = exchangeOf(request);
    const { caller } = this.exchange;
    if (caller === null) throw new Error('the request was let through without a caller');
    this.caller = caller;
  }

  /** Told while the client waits for the answer. */
  get signal(): Cancellation {
    const { exchange, cancelled } = this;
    return {
      get aborted(): boolean {
        return exchange.aborted || cancelled.aborted;
      },
      onAbort(tell): void {
        exchange.onAbort(tell);
        cancelled.addEventListener('abort', tell, { once: true });
      },
    };
  }

  /** Counts a refusal of a holder's write, as REST does. */
  refuse(): void {
    this.exchange.refusals += 1;
  }

  /**
   * The call of a use case, once. Repeated under the same key, given as an argument or as the request's header, it
   * does nothing again.
   * @throws Refusal of a key that is none, IdempotencyKeyInUse
   */
  call(tool: string, given: object): Call {
    return { ...this.callOnce(), idempotency: this.keyOf(tool, given) };
  }

  /** The call of a use case that nobody repeats under a key. */
  callOnce(): Call {
    return { actor: this.caller.name, signal: this.signal, origin: originOf(this.exchange) };
  }

  /** Whether only the transport named a key: its client does not know it, and will not come back with it. */
  hasOnlyTransportKey(given: object): boolean {
    return hasIdempotencyKey(this.request) && keyIn(given) === undefined;
  }

  private keyOf(tool: string, given: object): IdempotencyKey | undefined {
    const named = keyIn(given) ?? (hasIdempotencyKey(this.request) ? givenKey(this.request) : undefined);
    if (named === undefined) return undefined;
    return {
      key: heldKey(named, this.caller.name, this.exchange),
      fingerprint: fingerprintOf(tool, given),
      onReplay: () => {
        this.isReplay = true;
      },
    };
  }
}

function keyIn(given: object): string | undefined {
  return 'idempotency_key' in given && typeof given.idempotency_key === 'string'
    ? given.idempotency_key
    : undefined;
}

/** A model that repeats a call may write its arguments in another order: that is the same call. */
function fingerprintOf(tool: string, given: object): string {
  const text = JSON.stringify([tool, given], (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(`mcp ${text}`).digest('base64url');
}
