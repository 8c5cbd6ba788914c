import { Allowances } from './allowances';

const LIMITS = { requestsPerMinute: 2, burstSize: 0 };

describe('Allowances', () => {
  it('keeps callers apart', () => {
    const allowances = new Allowances(LIMITS, 10);
    allowances.of('a', 0).take();
    expect(allowances.of('a', 0).remaining).toBe(1);
    expect(allowances.of('b', 0).remaining).toBe(2);
  });

  it('refills who comes back', () => {
    const allowances = new Allowances(LIMITS, 10);
    allowances.of('a', 0).take();
    expect(allowances.of('a', 60_000).remaining).toBe(2);
  });

  it('forgets the oldest for a new one, and nobody else', () => {
    const allowances = new Allowances(LIMITS, 2);
    for (const name of ['a', 'b', 'c']) allowances.of(name, 0).take();
    expect(allowances.of('b', 0).remaining).toBe(1);
    expect(allowances.of('c', 0).remaining).toBe(1);
    expect(allowances.of('a', 0).remaining).toBe(2);
  });
});
