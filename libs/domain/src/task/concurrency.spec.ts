import fc from 'fast-check';
import { movesOf } from './concurrency';

const load = fc.record({
  limit: fc.integer({ min: 1, max: 50 }),
  working: fc.nat(60),
  ready: fc.nat(60),
  held: fc.nat(60),
});

describe('movesOf', () => {
  it.each([
    [{ limit: 1, working: 0, ready: 0, held: 3 }, 1, 0],
    [{ limit: 1, working: 1, ready: 0, held: 3 }, 0, 0],
    [{ limit: 3, working: 1, ready: 1, held: 3 }, 1, 0],
    [{ limit: 3, working: 0, ready: 0, held: 2 }, 2, 0],
    [{ limit: 1, working: 1, ready: 2, held: 0 }, 0, 2],
    [{ limit: 1, working: 5, ready: 2, held: 0 }, 0, 2],
  ])('with %j admits %i and holds back %i', (given, admit, holdBack) => {
    expect(movesOf(given)).toEqual({ admit, holdBack });
  });

  it('leaves no slot free that a held task could have, and none promised twice', () => {
    fc.assert(
      fc.property(load, (before) => {
        const { admit, holdBack } = movesOf(before);
        const ready = before.ready + admit - holdBack;
        const held = before.held - admit + holdBack;
        const free = before.limit - before.working - ready;
        expect(Math.min(ready, held)).toBeGreaterThanOrEqual(0);
        expect(free >= 0 || ready === 0).toBe(true);
        expect(free <= 0 || held === 0).toBe(true);
      }),
    );
  });
});
