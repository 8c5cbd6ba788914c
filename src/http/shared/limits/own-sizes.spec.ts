import { ownSizes } from './own-sizes';

const COMMON = { requestsPerMinute: 1_000, burstSize: 100 };
const key = (requestsPerMinute?: number) =>
  ownSizes({ name: 'k', roles: [], ...(requestsPerMinute !== undefined && { requestsPerMinute }) }, COMMON);

describe('the limit of a key', () => {
  it('is that of everybody when it has none of its own', () => {
    expect(key()).toEqual({ sizes: COMMON, isMore: false });
  });

  it('may be lower, beside the limit of its address', () => {
    expect(key(10)).toEqual({ sizes: { requestsPerMinute: 10, burstSize: 100 }, isMore: false });
  });

  it('may be higher, with a burst that does not make it lower again', () => {
    expect(key(60_000)).toEqual({ sizes: { requestsPerMinute: 60_000, burstSize: 1_000 }, isMore: true });
  });

  it('may be none at all', () => {
    expect(key(0)).toEqual({ sizes: { requestsPerMinute: 0, burstSize: 0 }, isMore: true });
  });
});
