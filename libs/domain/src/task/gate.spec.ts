import { gateOf } from './gate';

describe('gateOf', () => {
  it.each([
    [null, 'ready'],
    [99, 'ready'],
    [100, 'ready'],
    [101, 'scheduled'],
  ])('lets through what is available at %p when it is 100: %s', (availableAt, gate) => {
    expect(gateOf(availableAt, 100)).toBe(gate);
  });
});
