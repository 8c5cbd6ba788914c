import { gateOf, type GateConditions } from './gate';

const FREE: GateConditions = { availableAt: null, needs: null, concurrencyKey: null };
const needs = (pending: number): GateConditions['needs'] => ({ pending, onFailure: 'wait' });

describe('gateOf', () => {
  it.each([
    [null, 'ready'],
    [99, 'ready'],
    [100, 'ready'],
    [101, 'scheduled'],
  ])('lets through what is available at %p when it is 100: %s', (availableAt, gate) => {
    expect(gateOf({ ...FREE, availableAt }, 100)).toBe(gate);
  });

  it('blocks what waits for others, whatever its time', () => {
    expect(gateOf({ ...FREE, needs: needs(1) }, 100)).toBe('blocked');
    expect(gateOf({ ...FREE, needs: needs(1), availableAt: 101 }, 100)).toBe('blocked');
    expect(gateOf({ ...FREE, needs: needs(0) }, 100)).toBe('ready');
  });

  it('holds what shares a key, once nothing else stands in its way', () => {
    expect(gateOf({ ...FREE, concurrencyKey: 'db' }, 100)).toBe('held');
    expect(gateOf({ ...FREE, concurrencyKey: 'db', availableAt: 101 }, 100)).toBe('scheduled');
    expect(gateOf({ ...FREE, concurrencyKey: 'db', needs: needs(2) }, 100)).toBe('blocked');
  });
});
