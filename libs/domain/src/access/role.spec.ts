import { permits, ROLES, type Role } from './role';

/** Row: the role of a key; letters: what it may of reader, producer, worker, admin. */
const MATRIX: readonly [Role, string][] = [
  ['reader', 'r...'],
  ['producer', 'rp..'],
  ['worker', 'r.w.'],
  ['admin', 'rpwa'],
];

const permitted = (roles: readonly Role[]): string =>
  ROLES.map((needed) => (permits({ name: 'key', roles }, needed) ? needed.charAt(0) : '.')).join('');

describe('permits', () => {
  it.each(MATRIX)('lets a %s do %s', (role, may) => {
    expect(permitted([role])).toBe(may);
  });

  it('lets several roles do what any of them may', () => {
    expect(permitted(['producer', 'worker'])).toBe('rpw.');
  });

  it('lets no role do nothing', () => {
    expect(permitted([])).toBe('....');
  });
});
