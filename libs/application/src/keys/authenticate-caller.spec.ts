import type { Principal } from '@task/domain';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { KeyStore, type PresentedKey } from '../ports/key-store';
import { AuthenticateCaller } from './authenticate-caller';

const WORKERS: PresentedKey = {
  ...{ id: 'k-1', name: 'worker-key', roles: ['worker'], expiresAt: null, requestsPerMinute: null },
};
const WORKER: Principal = { name: 'worker-key', roles: ['worker'] };
const DAY_MS = 86_400_000;

/** Knows one key, and counts how often it is asked. */
class OneKey extends KeyStore {
  asked = 0;
  key: PresentedKey | null = WORKERS;
  readonly used: string[] = [];
  private readonly listeners: (() => void)[] = [];

  override find(secret: string): Promise<PresentedKey | null> {
    this.asked += 1;
    return Promise.resolve(secret === 'stored' ? this.key : null);
  }

  override watch(listener: () => void): () => void {
    this.listeners.push(listener);
    return () => undefined;
  }

  override noteUse(id: string): Promise<void> {
    this.used.push(id);
    return Promise.resolve();
  }

  /** The key is another now, or none. */
  change(key: PresentedKey | null): void {
    this.key = key;
    for (const listener of this.listeners) listener();
  }

  override addFirst = (): never => unused();
  override create = (): never => unused();
  override revoke = (): never => unused();
  override list = (): never => unused();
}

describe('AuthenticateCaller', () => {
  let keys: OneKey;
  let clock: FixedClock;
  let authenticate: (secret: string) => Promise<Principal | null>;

  beforeEach(() => {
    keys = new OneKey();
    clock = new FixedClock();
    const useCase = new AuthenticateCaller(keys, (secret) => secret === 'configured', clock);
    authenticate = (secret) => useCase.execute(secret);
  });

  it('knows the operator’s key as an admin’s, without asking the store', async () => {
    expect(await authenticate('configured')).toEqual({ name: 'admin', roles: ['admin'] });
    expect([keys.asked, keys.used]).toEqual([0, []]);
  });

  it('knows a stored key, also when the store has gone since', async () => {
    expect(await authenticate('stored')).toEqual(WORKER);
    keys.find = () => Promise.reject(new Error('the store is gone'));
    expect(await authenticate('stored')).toEqual(WORKER);
  });

  it('tells of a limit that is the key’s own', async () => {
    keys.key = { ...WORKERS, requestsPerMinute: 5 };
    expect(await authenticate('stored')).toEqual({ ...WORKER, requestsPerMinute: 5 });
  });

  it('knows nobody by another secret, and asks again the next time', async () => {
    expect([await authenticate('wrong'), await authenticate('wrong')]).toEqual([null, null]);
    expect(keys.asked).toBe(2);
  });

  it('takes a key for no other', async () => {
    await authenticate('stored');
    expect(await authenticate('Stored')).toBeNull();
    expect(await authenticate('__proto__')).toBeNull();
  });

  it('refuses a mistyped key without asking anybody', async () => {
    expect(await authenticate(`to_${'0'.repeat(48)}1`)).toBeNull();
    expect(keys.asked).toBe(0);
  });

  it('forgets a key at once when it is revoked', async () => {
    await authenticate('stored');
    keys.change(null);
    expect(await authenticate('stored')).toBeNull();
  });

  it('does not remember what it had asked for before a key was revoked', async () => {
    const { promise, resolve } = Promise.withResolvers<PresentedKey | null>();
    keys.find = () => promise;
    const late = authenticate('stored');
    keys.change(null);
    resolve(WORKERS);
    await late;
    keys.find = () => Promise.resolve(keys.key);
    expect(await authenticate('stored')).toBeNull();
  });

  it('refuses a key from the moment on at which it expires', async () => {
    keys.key = { ...WORKERS, expiresAt: clock.now() + DAY_MS };
    clock.advance(DAY_MS - 1);
    expect(await authenticate('stored')).toEqual(WORKER);
    clock.advance(1);
    expect(await authenticate('stored')).toBeNull();
    expect(await authenticate('stored')).toBeNull();
  });

  it('notes the use of a key once a minute, however often it is used and keys change', async () => {
    for (let request = 0; request < 3; request += 1) await authenticate('stored');
    keys.change(WORKERS);
    clock.advance(59_999);
    await authenticate('stored');
    expect(keys.used).toEqual(['k-1']);
    clock.advance(1);
    await authenticate('stored');
    expect(keys.used).toEqual(['k-1', 'k-1']);
  });

  it('lets a caller in whose use cannot be noted', async () => {
    keys.noteUse = () => Promise.reject(new Error('the store is gone'));
    expect(await authenticate('stored')).toEqual(WORKER);
  });
});

function unused(): never {
  throw new Error('nobody authenticates by that');
}
