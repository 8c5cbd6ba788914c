import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyStore, PresentedKey } from '@task/application';
import type { Principal } from '@task/domain';
import { InMemoryKeyStore } from '@task/infrastructure';
import { FixedClock } from '../../test/support/fixed-clock';
import { ensureAdminKey } from './admin-key';

/** Dies while it stores a key: before the key is there, or behind it. */
class DyingKeyStore extends InMemoryKeyStore {
  constructor(
    private readonly target: KeyStore,
    private readonly when: 'before' | 'after',
  ) {
    super(new FixedClock());
  }

  override find(secret: string): Promise<PresentedKey | null> {
    return this.target.find(secret);
  }

  override async addFirst(secret: string, principal: Principal): Promise<boolean> {
    if (this.when === 'after') await this.target.addFirst(secret, principal);
    throw new Error('power cut');
  }
}

describe('ensureAdminKey', () => {
  let folder: string;
  let file: string;
  let keys: KeyStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'key-'));
    file = join(folder, 'admin.key');
    keys = new InMemoryKeyStore(new FixedClock());
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const stored = (): string => readFileSync(file, 'utf8').trim();

  it('makes a key of 256 random bits that is an admin, in a file for the owner only', async () => {
    const { made } = await ensureAdminKey(keys, folder);

    expect(made).toMatch(/^to_[A-Za-z0-9]{49}$/);
    expect(stored()).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await keys.find(made ?? '')).toMatchObject({ name: 'admin', roles: ['admin'] });
    expect(readdirSync(folder)).toEqual(['admin.key']);
  });

  it('makes the folder, for the owner only', async () => {
    await ensureAdminKey(keys, join(folder, 'data'));

    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  it('makes one once, and knows the file afterwards', async () => {
    await ensureAdminKey(keys, folder);

    expect(await ensureAdminKey(keys, folder)).toEqual({ file, made: null });
  });

  it('makes none when there is a key whose file was taken away', async () => {
    await ensureAdminKey(keys, folder);
    renameSync(file, join(folder, 'elsewhere'));

    expect(await ensureAdminKey(keys, folder)).toEqual({ file: null, made: null });
    expect(readdirSync(folder)).toEqual(['elsewhere']);
  });

  it('puts the key of another database aside', async () => {
    writeFileSync(file, 'to_other\n');

    const { made } = await ensureAdminKey(keys, folder);

    const aside = readdirSync(folder).find((name) => name !== 'admin.key') ?? '';
    expect(stored()).toBe(made);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('to_other\n');
  });

  it.each(['before', 'after'] as const)(
    'leaves a key that works when the process dies %s it is stored',
    async (when) => {
      await expect(ensureAdminKey(new DyingKeyStore(keys, when), folder)).rejects.toThrow('power cut');
      expect(existsSync(file)).toBe(false);

      const { made } = await ensureAdminKey(keys, folder);

      expect(stored()).toBe(made);
      expect(await keys.find(stored())).not.toBeNull();
      expect(readdirSync(folder)).toEqual(['admin.key']);
    },
  );
});
