import { bad, faultsAt, good, violationsOf, type Rule } from './rule';

const five: Rule = { schema: {}, check: (value) => (value === 5 ? good() : bad('not_number', { want: 5 })) };

describe('violationsOf', () => {
  it('tells every wrong field, not the first', () => {
    const violations = violationsOf({ a: 1, b: 5, c: 2 }, { a: five, b: five, c: five });
    expect(violations).toEqual([
      { field: 'a', reason: 'not_number', constraints: { want: 5 } },
      { field: 'c', reason: 'not_number', constraints: { want: 5 } },
    ]);
  });

  it('leaves alone what was not given, and what has no rule', () => {
    expect(violationsOf({ a: undefined, other: 1 }, { a: five })).toEqual([]);
  });
});

describe('faultsAt', () => {
  it('puts the path inside a value behind its field', () => {
    const faults = [{ path: '[3]', reason: 'too_long', constraints: {} } as const];
    expect(faultsAt('tags', faults)).toEqual([{ field: 'tags[3]', reason: 'too_long', constraints: {} }]);
  });
});
