import { findSetting } from './find-setting';

describe('findSetting', () => {
  it.each([
    'RATE_LIMIT_BURST_SIZE',
    'rate_limit_burst_size',
    'rate_limit.burst_size',
    'security.rate_limit.burst_size',
  ])('finds a setting by %s', (name) => {
    expect(findSetting(name)).toMatchObject({
      key: 'rateLimitBurstSize',
      field: 'security.rate_limit.burst_size',
      isLive: true,
    });
  });

  it.each(['', 'RATE_LIMIT', 'security', '__proto__', 'burst_size'])('finds none by %j', (name) => {
    expect(findSetting(name)).toBeNull();
  });
});
