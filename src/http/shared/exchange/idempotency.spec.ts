import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IdempotencyKeyInUse, type Violation } from '@task/domain';
import { Refusal } from '../failures/refusal';
import { Exchange } from './exchange';
import { fingerprintOf, idempotencyOf, KeysInFlight } from './idempotency';

class SomeResponse extends EventEmitter {
  headersSent = false;
  readonly headers = new Map<string, string>();

  setHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }
}

const requestWith = (...keys: readonly string[]): IncomingMessage =>
  ({
    method: 'POST',
    url: '/tasks?a=1',
    headers: keys.length === 0 ? {} : { 'idempotency-key': keys.join(', ') },
    headersDistinct: keys.length === 0 ? {} : { 'idempotency-key': keys },
  }) as unknown as IncomingMessage;

describe('the idempotency key of a request', () => {
  let keys: KeysInFlight;

  beforeEach(() => {
    keys = new KeysInFlight();
  });

  const exchange = (response = new SomeResponse()): Exchange =>
    new Exchange('id', response as unknown as ServerResponse, keys, null);
  const violations = (request: IncomingMessage): readonly Violation[] => {
    try {
      idempotencyOf(request, 'caller', exchange());
      return [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return error.violations;
    }
  };

  it('is absent where none is named', () => {
    expect(idempotencyOf(requestWith(), 'caller', exchange())).toBeUndefined();
  });

  it('is another for another caller, and does not show what was sent', () => {
    const [mine, yours] = ['me', 'you'].map((actor) =>
      idempotencyOf(requestWith('secret'), actor, exchange()),
    );
    expect(mine?.key).toMatch(/^[\w-]{43}$/);
    expect(mine?.key).not.toBe(yours?.key);
  });

  it('cannot be made to look like that of another caller', () => {
    const one = idempotencyOf(requestWith('b"c'), 'a', exchange());
    const other = idempotencyOf(requestWith('c'), 'a","b', exchange());
    expect(one?.key).not.toBe(other?.key);
  });

  it('is in use until the request is answered, or its caller has hung up', () => {
    const response = new SomeResponse();
    idempotencyOf(requestWith('a'), 'caller', exchange(response));
    expect(() => idempotencyOf(requestWith('a'), 'caller', exchange())).toThrow(IdempotencyKeyInUse);
    expect(() => idempotencyOf(requestWith('b'), 'caller', exchange())).not.toThrow();
    response.emit('close');
    expect(() => idempotencyOf(requestWith('a'), 'caller', exchange())).not.toThrow();
  });

  it('is not held for a caller who has hung up already', () => {
    const gone = exchange();
    gone.abort();
    idempotencyOf(requestWith('a'), 'caller', gone);
    expect(() => idempotencyOf(requestWith('a'), 'caller', exchange())).not.toThrow();
  });

  it('tells a replay in a header, while there is still time', () => {
    const response = new SomeResponse();
    const key = idempotencyOf(requestWith('a'), 'caller', exchange(response));
    response.headersSent = true;
    key?.onReplay();
    expect(response.headers.size).toBe(0);
    response.headersSent = false;
    key?.onReplay();
    expect([...response.headers]).toEqual([['Idempotency-Replayed', 'true']]);
  });

  it.each([
    ['too_short', ['']],
    ['too_long', ['k'.repeat(256)]],
    ['not_printable', ['a\u0085']],
    ['not_unique', ['a', 'b']],
  ])('is refused when it is %s', (reason, given) => {
    expect(violations(requestWith(...given))).toMatchObject([{ field: 'Idempotency-Key', reason }]);
  });

  it('comes with the fingerprint that was made while the body was read', () => {
    const given = exchange();
    given.fingerprint = 'of the body';
    expect(idempotencyOf(requestWith('a'), 'caller', given)?.fingerprint).toBe('of the body');
  });
});

describe('fingerprintOf', () => {
  const request = requestWith('a');
  const of = (body: string, changes: object = {}): string =>
    fingerprintOf(Object.assign(Object.create(request) as IncomingMessage, changes), [Buffer.from(body)]);

  it('is the same for the same request, however its body arrived', () => {
    expect(fingerprintOf(request, [Buffer.from('{"a"'), Buffer.from(':1}')])).toBe(of('{"a":1}'));
  });

  it('tells method, path, query and body', () => {
    const all = [
      of('{}'),
      of('{ }'),
      of('{}', { method: 'PUT' }),
      of('{}', { url: '/tasks' }),
      of('{}', { url: '/tasks?a=2' }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
