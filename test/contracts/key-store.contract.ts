import type { KeyStore } from '@task/application';
import {
  IdempotencyKeyReused,
  KeyNameTaken,
  newApiKey,
  type ApiKey,
  type KeyDraft,
  type Principal,
} from '@task/domain';
import { CountedIds, uuid } from '../support/counted-ids';
import { CountedKey } from '../support/counted-key';
import { untilLater, useStore, type Abilities, type OpenedStore, type Subject } from './subject';

const ADMIN: Principal = { name: 'first-key', roles: ['admin'] };
const DRAFT: KeyDraft = { name: 'ci', roles: ['producer', 'worker'] };
const DAY_MS = 86_400_000;

/** What every adapter of the port KeyStore has to do. */
export function describeKeyStore(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false }: Abilities,
): void {
  describe(`KeyStore ${name}`, () => {
    const subject = useStore(open);
    let ids: CountedIds;
    const keys = (): KeyStore => subject().keys;
    const create = async (
      secret: string,
      draft: Partial<KeyDraft> = {},
      key?: CountedKey,
    ): Promise<ApiKey & { isReplay: boolean }> => {
      const id = ids.keyId();
      const decide = (now: number): ApiKey => newApiKey({ ...DRAFT, ...draft }, id, 'root', now);
      const stored = await keys().create(decide, secret, key);
      return { ...stored.key, isReplay: stored.isReplay };
    };
    const all = async (withRevoked = false): Promise<readonly ApiKey[]> =>
      (await keys().list({ withRevoked, limit: 100, offset: 0 })).keys;

    beforeEach(() => (ids = new CountedIds()));

    it('knows nobody at first', async () => {
      expect(await keys().find('secret')).toBeNull();
      expect(await keys().list({ withRevoked: true, limit: 10, offset: 0 })).toEqual({ keys: [], total: 0 });
    });

    it('tells who presents a key', async () => {
      expect(await keys().addFirst('secret', ADMIN)).toBe(true);
      expect(await keys().find('secret')).toMatchObject(ADMIN);
    });

    it('keeps the name and every role', async () => {
      const principal: Principal = { name: '流水线 "x" 😀', roles: ['worker', 'producer', 'reader'] };
      await keys().addFirst('secret', principal);
      expect(await keys().find('secret')).toMatchObject(principal);
    });

    it.each(['', 'Secret', 'secret ', 'secre', 'secrets', 'sécret', "' OR ''='", '%', '\0', 'secret\0'])(
      'does not take %j for the key',
      async (wrong) => {
        await keys().addFirst('secret', ADMIN);
        expect(await keys().find(wrong)).toBeNull();
      },
    );

    it.each(['钥匙 😀', 'x'.repeat(10_000), 'line\nbreak'])(
      'keeps apart whatever text a key is',
      async (secret) => {
        await keys().addFirst(secret, ADMIN);
        expect(await keys().find(secret)).toMatchObject(ADMIN);
        expect(await keys().find(`${secret}.`)).toBeNull();
      },
    );

    it('adds a first key only once', async () => {
      await keys().addFirst('secret', ADMIN);
      expect(await keys().addFirst('another', { name: 'second-key', roles: ['reader'] })).toBe(false);
      expect(await keys().addFirst('secret', { name: 'second-key', roles: ['reader'] })).toBe(false);
      expect(await keys().find('another')).toBeNull();
      expect(await keys().find('secret')).toMatchObject(ADMIN);
    });

    it('lets one of several first keys at the same time be the first', async () => {
      const secrets = Array.from({ length: 10 }, (_, index) => `secret ${index}`);
      const added = await Promise.all(
        secrets.map((secret) => keys().addFirst(secret, { ...ADMIN, name: secret })),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
      const winner = secrets[added.indexOf(true)];
      const found = await Promise.all(secrets.map((secret) => keys().find(secret)));
      expect(found.filter((one) => one !== null)).toMatchObject([{ ...ADMIN, name: winner }]);
    });

    it('makes no first key where all keys were revoked', async () => {
      const { id } = await create('secret');
      await keys().revoke(id, 'root');
      expect(await keys().addFirst('another', ADMIN)).toBe(false);
    });

    it('keeps a new key, and tells it to whoever presents its secret', async () => {
      const made = await create('secret', { expiresInDays: 30, requestsPerMinute: 5 });
      expect(made).toEqual({
        ...{ id: ids.last, name: 'ci', roles: ['producer', 'worker'], createdBy: 'root' },
        ...{ createdAt: made.createdAt, expiresAt: made.createdAt + 30 * DAY_MS },
        ...{ lastUsedAt: null, requestsPerMinute: 5, revokedAt: null, revokedBy: null, isReplay: false },
      });
      const { id, roles, expiresAt } = made;
      expect(await keys().find('secret')).toEqual({ id, name: 'ci', roles, expiresAt, requestsPerMinute: 5 });
      expect(await all()).toEqual([expect.objectContaining({ id, roles, expiresAt, requestsPerMinute: 5 })]);
    });

    it('refuses a name that a key has, and keeps nothing of it', async () => {
      await create('secret');
      await expect(create('another')).rejects.toThrow(KeyNameTaken);
      expect(await keys().find('another')).toBeNull();
      expect(await all(true)).toHaveLength(1);
    });

    it('lets one of several keys of a name at the same time be made', async () => {
      const made = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((secret) => create(secret)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await all(true)).toHaveLength(1);
    });

    it('stores nothing of a key that the domain refuses', async () => {
      await expect(create('secret', { name: 'admin' })).rejects.toMatchObject({ code: 'key.invalid' });
      expect(await all(true)).toEqual([]);
    });

    it('forgets a key at once when it is revoked, and tells who did it', async () => {
      const { id } = await create('secret');
      await keys().find('secret');
      const revoked = await keys().revoke(id, 'root');
      expect(revoked).toMatchObject({ id, revokedBy: 'root', revokedAt: expect.any(Number) });
      expect(await keys().find('secret')).toBeNull();
      expect(await all()).toEqual([]);
      expect(await all(true)).toEqual([revoked]);
    });

    it('revokes once: again changes nothing', async () => {
      const { id } = await create('secret');
      const first = await keys().revoke(id, 'root');
      await untilLater(subject());
      expect(await keys().revoke(id, 'somebody else')).toEqual(first);
    });

    it.each([uuid(9), 'no id at all', '\0'])('revokes nothing under %j', async (id) => {
      await create('secret');
      expect(await keys().revoke(id, 'root')).toBeNull();
      expect(await keys().find('secret')).not.toBeNull();
    });

    it('frees the name of a revoked key, and does not mix the two up', async () => {
      const { id } = await create('old');
      await keys().revoke(id, 'root');
      const again = await create('new');
      expect(await keys().find('old')).toBeNull();
      expect(await keys().find('new')).toMatchObject({ id: again.id });
    });

    it('tells of every change before whoever made it is answered, until nobody wants to know', async () => {
      await keys().find('nobody');
      const told: string[] = [];
      const stop = keys().watch(() => told.push('changed'));
      const { id } = await create('secret');
      expect(told).toHaveLength(1);
      await keys().revoke(id, 'root');
      expect(told).toHaveLength(2);
      await keys().revoke(id, 'root');
      await keys().noteUse(id);
      expect(told).toHaveLength(2);
      stop();
      await create('another');
      expect(told).toHaveLength(2);
    });

    it('notes when a key was used last', async () => {
      const { id, createdAt } = await create('secret');
      await untilLater(subject());
      await keys().noteUse(id);
      const [key] = await all();
      expect(key?.lastUsedAt).toBeGreaterThan(createdAt);
      await expect(keys().noteUse(uuid(9))).resolves.toBeUndefined();
    });

    it('lists keys as they were made, page by page', async () => {
      for (const each of ['a', 'b', 'c']) await create(each, { name: each });
      const page = await keys().list({ withRevoked: false, limit: 2, offset: 1 });
      expect([page.keys.map((key) => key.name), page.total]).toEqual([['b', 'c'], 3]);
    });

    it('makes one key under one idempotency key', async () => {
      const first = await create('secret', {}, new CountedKey('k'));
      const again = await create('another', {}, new CountedKey('k'));
      expect(again).toEqual({ ...first, isReplay: true });
      expect(await keys().find('another')).toBeNull();
      await expect(create('third', {}, new CountedKey('k').forAnother())).rejects.toThrow(
        IdempotencyKeyReused,
      );
    });

    it('keeps a refusal under an idempotency key too', async () => {
      const { id } = await create('secret');
      await expect(create('another', {}, new CountedKey('k'))).rejects.toThrow(KeyNameTaken);
      await keys().revoke(id, 'root');
      await expect(create('another', {}, new CountedKey('k'))).rejects.toThrow(KeyNameTaken);
    });

    if (reopens) {
      it('keeps everything when it is closed and opened again', async () => {
        const { id } = await create('secret', { expiresInDays: 1 }, new CountedKey('k'));
        await create('revoked', { name: 'old' });
        await keys().revoke(ids.last, 'root');
        const before = await all(true);
        const again: Subject = await subject().reopen();
        expect((await again.keys.list({ withRevoked: true, limit: 10, offset: 0 })).keys).toEqual(before);
        expect(await again.keys.find('secret')).toMatchObject({ id });
        expect(await again.keys.find('revoked')).toBeNull();
        const decide = (now: number): ApiKey => newApiKey(DRAFT, ids.keyId(), 'root', now);
        expect(await again.keys.create(decide, 'x', new CountedKey('k'))).toMatchObject({ isReplay: true });
      });

      it('refuses an idempotency key of a key for tasks', async () => {
        await create('secret', {}, new CountedKey('k'));
        const { queue } = subject();
        await expect(queue.createAll([{}], new CountedKey('k').forAnother())).rejects.toThrow(
          IdempotencyKeyReused,
        );
      });
    }
  });
}
