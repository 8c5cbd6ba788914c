import type { KeyStore } from '@task/application';
import type { Principal } from '@task/domain';
import { useStore, type OpenedStore } from './subject';

const ADMIN: Principal = { name: 'first-key', roles: ['admin'] };

/** What every adapter of the port KeyStore has to do. */
export function describeKeyStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`KeyStore ${name}`, () => {
    const subject = useStore(open);
    const keys = (): KeyStore => subject().keys;

    it('knows nobody at first', async () => {
      expect(await keys().find('secret')).toBeNull();
    });

    it('tells who presents a key', async () => {
      expect(await keys().addFirst('secret', ADMIN)).toBe(true);
      expect(await keys().find('secret')).toEqual(ADMIN);
    });

    it('keeps the name and every role', async () => {
      const principal: Principal = { name: '流水线 "x" 😀', roles: ['worker', 'producer', 'reader'] };
      await keys().addFirst('secret', principal);
      expect(await keys().find('secret')).toEqual(principal);
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
        expect(await keys().find(secret)).toEqual(ADMIN);
        expect(await keys().find(`${secret}.`)).toBeNull();
      },
    );

    it('adds a first key only once', async () => {
      await keys().addFirst('secret', ADMIN);
      expect(await keys().addFirst('another', { name: 'second-key', roles: ['reader'] })).toBe(false);
      expect(await keys().addFirst('secret', { name: 'second-key', roles: ['reader'] })).toBe(false);
      expect(await keys().find('another')).toBeNull();
      expect(await keys().find('secret')).toEqual(ADMIN);
    });

    it('lets one of several first keys at the same time be the first', async () => {
      const secrets = Array.from({ length: 10 }, (_, index) => `secret ${index}`);
      const added = await Promise.all(
        secrets.map((secret) => keys().addFirst(secret, { ...ADMIN, name: secret })),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
      const winner = secrets[added.indexOf(true)];
      const found = await Promise.all(secrets.map((secret) => keys().find(secret)));
      expect(found.filter((one) => one !== null)).toEqual([{ ...ADMIN, name: winner }]);
    });
  });
}
