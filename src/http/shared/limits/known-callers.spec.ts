import type { Principal } from '@task/domain';
import { KnownCallers } from './known-callers';

const named = (name: string): Principal => ({ name, roles: ['reader'] });

describe('KnownCallers', () => {
  it('knows whose key was good, until it is not', () => {
    const known = new KnownCallers(10);
    known.note('secret', named('a'));
    expect(known.of('secret')).toEqual(named('a'));
    known.note('secret', null);
    expect(known.of('secret')).toBeNull();
  });

  it('does not grow for ever', () => {
    const known = new KnownCallers(2);
    for (const name of ['a', 'b', 'c']) known.note(name, named(name));
    expect(['a', 'b', 'c'].filter((name) => known.of(name) !== null)).toEqual(['c']);
  });
});
