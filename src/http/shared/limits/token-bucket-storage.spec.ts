import { TokenBucketStorage } from './token-bucket-storage';

const HOUR_MS = 3_600_000;

describe('TokenBucketStorage', () => {
  it('counts as the throttler expects it: hits, and seconds until there is room again', async () => {
    const storage = new TokenBucketStorage();
    const ask = (): ReturnType<TokenBucketStorage['increment']> =>
      storage.increment('somebody', HOUR_MS, 2, 0, 'endpoint');

    expect(await ask()).toEqual({
      totalHits: 1,
      timeToExpire: 1_800,
      isBlocked: false,
      timeToBlockExpire: 0,
    });
    expect(await ask()).toMatchObject({ totalHits: 2, timeToExpire: 3_600, isBlocked: false });
    expect(await ask()).toEqual({
      totalHits: 3,
      timeToExpire: 3_600,
      isBlocked: true,
      timeToBlockExpire: 1_800,
    });
  });

  it('keeps keys apart, and throttlers', async () => {
    const storage = new TokenBucketStorage();
    const ask = async (key: string, throttler: string): Promise<boolean> =>
      (await storage.increment(key, HOUR_MS, 1, 0, throttler)).isBlocked;

    expect([await ask('a', 'x'), await ask('b', 'x'), await ask('a', 'y'), await ask('a', 'x')]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('shows the edge the same buckets', async () => {
    const storage = new TokenBucketStorage();
    await storage.increment('a', HOUR_MS, 5, 0, 'key');

    expect(storage.of('key', 'a', { requestsPerMinute: 5, burstSize: 0 }).remaining).toBe(4);
  });
});
