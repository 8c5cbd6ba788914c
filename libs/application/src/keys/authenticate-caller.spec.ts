import type { Principal } from '@task/domain';
import { KeyStore } from '../ports/key-store';
import { AuthenticateCaller } from './authenticate-caller';

/** Knows one key, and counts how often it is asked. */
class OneKey extends KeyStore {
  asked = 0;
  principal: Principal | null = { name: 'worker-key', roles: ['worker'] };

  override find(secret: string): Promise<Principal | null> {
    this.asked += 1;
    return Promise.resolve(secret === 'stored' ? this.principal : null);
  }

  override addFirst(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

describe('AuthenticateCaller', () => {
  const given = (): { keys: OneKey; authenticate: (secret: string) => Promise<Principal | null> } => {
    const keys = new OneKey();
    const useCase = new AuthenticateCaller(keys, (secret) => secret === 'configured');
    return { keys, authenticate: (secret) => useCase.execute(secret) };
  };

  it('knows the operator’s key as an admin’s, without asking the store', async () => {
    const { keys, authenticate } = given();
    expect(await authenticate('configured')).toEqual({ name: 'admin', roles: ['admin'] });
    expect(keys.asked).toBe(0);
  });

  it('knows a stored key, also when the store has gone since', async () => {
    const { keys, authenticate } = given();
    expect(await authenticate('stored')).toEqual({ name: 'worker-key', roles: ['worker'] });
    keys.find = () => Promise.reject(new Error('the store is gone'));
    expect(await authenticate('stored')).toEqual({ name: 'worker-key', roles: ['worker'] });
  });

  it('knows nobody by another secret, and asks again the next time', async () => {
    const { keys, authenticate } = given();
    expect([await authenticate('wrong'), await authenticate('wrong')]).toEqual([null, null]);
    expect(keys.asked).toBe(2);
  });

  it('takes a key for no other', async () => {
    const { authenticate } = given();
    await authenticate('stored');
    expect(await authenticate('Stored')).toBeNull();
    expect(await authenticate('__proto__')).toBeNull();
  });
});
