import { StoreUnavailable } from '@task/application';
import type { DataSource } from 'typeorm';
import { KeySnapshots } from './key-snapshots';

const ROW = {
  ...{ public_id: 'k-1', name: 'ci', roles: 'worker', created_at: 1, created_by: null, expires_at: null },
  ...{ last_used_at: null, requests_per_minute: null, revoked_at: null, revoked_by: null },
};

/** A database with keys that tests change, which counts what it is asked. */
class FakeDatabase {
  looks = 0;
  loads = 0;
  version = 1;
  hashes = ['known'];
  isAway = false;
  /** What the next look waits for. */
  held: Promise<unknown> = Promise.resolve();

  readonly query = async (sql: string): Promise<unknown[]> => {
    const { version, held } = this;
    await held;
    if (this.isAway) throw new StoreUnavailable('unreachable');
    if (sql.includes('counters')) {
      this.looks += 1;
      return [{ value: version }];
    }
    this.loads += 1;
    return this.hashes.map((hash) => ({ ...ROW, hash }));
  };

  change(hashes: string[]): void {
    this.hashes = hashes;
    this.version += 1;
  }
}

/** Others that say nothing. */
const INSTANCES = { watch: () => () => undefined };

describe('KeySnapshots', () => {
  let database: FakeDatabase;
  let changes: number;

  beforeEach(() => {
    database = new FakeDatabase();
    changes = 0;
  });

  const over = (isShared: boolean): KeySnapshots => {
    const snapshots = new KeySnapshots(
      database as unknown as DataSource,
      () => null,
      isShared ? INSTANCES : null,
    );
    snapshots.onChange = () => (changes += 1);
    return snapshots;
  };

  it('finds a key that it knows without asking', async () => {
    const snapshots = over(true);
    for (let request = 0; request < 5; request += 1) expect(await snapshots.find('known')).not.toBeNull();
    expect([database.looks, database.loads, changes]).toEqual([1, 1, 0]);
  });

  it('asks nobody about a wrong key where nobody else makes keys', async () => {
    const snapshots = over(false);
    await snapshots.find('known');
    for (let request = 0; request < 100; request += 1) expect(await snapshots.find(`${request}`)).toBeNull();
    expect([database.looks, database.loads]).toEqual([1, 1]);
  });

  it('asks once about however many wrong keys at the same time, and reads no keys again', async () => {
    const snapshots = over(true);
    await snapshots.find('known');
    const found = await Promise.all(Array.from({ length: 10_000 }, (_, index) => snapshots.find(`${index}`)));
    expect(new Set(found)).toEqual(new Set([null]));
    expect(database.looks).toBeLessThanOrEqual(3);
    expect(database.loads).toBe(1);
  });

  it('finds a key that another instance has just made', async () => {
    const snapshots = over(true);
    await snapshots.find('known');
    database.change(['known', 'new']);
    expect(await snapshots.find('new')).toMatchObject({ id: 'k-1' });
    expect(changes).toBe(1);
  });

  it('does not take the answer of a look that began earlier for news', async () => {
    const snapshots = over(true);
    await snapshots.find('known');
    const { promise, resolve } = Promise.withResolvers<null>();
    database.held = promise;
    const early = snapshots.find('wrong');
    database.change(['new']);
    const late = snapshots.find('new');
    database.held = Promise.resolve();
    resolve(null);
    expect([await early, (await late)?.id]).toEqual([null, 'k-1']);
  });

  it('forgets everything when it cannot read what was just written', async () => {
    const snapshots = over(false);
    await snapshots.find('known');
    database.isAway = true;
    await expect(snapshots.renewAfterWrite()).rejects.toThrow(StoreUnavailable);
    expect(changes).toBe(1);
    await expect(snapshots.find('known')).rejects.toThrow(StoreUnavailable);
  });
});
