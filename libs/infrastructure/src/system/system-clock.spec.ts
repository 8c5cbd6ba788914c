import { SystemClock } from './system-clock';

describe('SystemClock', () => {
  it('tells the machine’s time in whole milliseconds', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(Number.isSafeInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
