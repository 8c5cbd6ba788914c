import { uptimeText } from './uptime';

describe('uptimeText', () => {
  it.each([
    [0.9, '0h 0m 0s'],
    [9_015, '2h 30m 15s'],
    [360_000, '100h 0m 0s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(uptimeText(seconds)).toBe(text);
  });
});
