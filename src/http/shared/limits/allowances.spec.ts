import { Allowance } from './allowance';
import { Allowances } from './allowances';

const LIMITS = { requestsPerMinute: 2, burstSize: 0 };

const allowancesOf = (capacity: number): Allowances<Allowance> =>
  new Allowances(capacity, (_name, now, periodMs) => new Allowance(now, periodMs));

describe('Allowances', () => {
  it('keeps callers apart', () => {
    const allowances = allowancesOf(10);
    allowances.of('a', LIMITS, 0).take();
    expect(allowances.of('a', LIMITS, 0).remaining).toBe(1);
    expect(allowances.of('b', LIMITS, 0).remaining).toBe(2);
  });

  it('refills who comes back', () => {
    const allowances = allowancesOf(10);
    allowances.of('a', LIMITS, 0).take();
    expect(allowances.of('a', LIMITS, 60_000).remaining).toBe(2);
  });

  it('forgets the oldest for a new one, and nobody else', () => {
    const allowances = allowancesOf(2);
    for (const name of ['a', 'b', 'c']) allowances.of(name, LIMITS, 0).take();
    expect(allowances.of('b', LIMITS, 0).remaining).toBe(1);
    expect(allowances.of('c', LIMITS, 0).remaining).toBe(1);
    expect(allowances.of('a', LIMITS, 0).remaining).toBe(2);
  });
});
