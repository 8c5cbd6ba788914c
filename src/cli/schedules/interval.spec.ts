import { intervalText, secondsIn } from './interval';

describe('the interval of a schedule', () => {
  it.each([
    ['900', 900, '15m'],
    ['45s', 45, '45s'],
    ['15m', 900, '15m'],
    ['1h30m', 5_400, '1h30m'],
    ['2d', 172_800, '2d'],
    ['1d1h1m1s', 90_061, '1d1h1m1s'],
    ['90m', 5_400, '1h30m'],
  ])('%s is %d seconds, shown as %s', (text, seconds, shown) => {
    expect([secondsIn(text), intervalText(seconds)]).toEqual([seconds, shown]);
  });

  it.each(['', 'm', '-5', '1.5h', '5 m', '30m1h', '1w', '5m5m', 'soon', '1234567890'])(
    'is not %j',
    (text) => {
      expect(() => secondsIn(text)).toThrow('It takes seconds');
    },
  );
});
