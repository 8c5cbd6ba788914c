import { keyStatusOf, newApiKey, type KeyDraft } from './api-key';
import { InvalidKey } from './key.errors';

const NOW = 1_755_511_200_000;
const DAY_MS = 86_400_000;
const DRAFT: KeyDraft = { name: 'ci', roles: ['producer'] };

function faultsOf(draft: object): [string, string][] {
  try {
    newApiKey({ ...DRAFT, ...draft }, 'k-1', 'root', NOW);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidKey)) throw error;
    return error.violations.map(({ field, reason }) => [field, reason]);
  }
}

describe('a new key', () => {
  it('is valid for ever unless it is said for how long', () => {
    expect(newApiKey(DRAFT, 'k-1', 'root', NOW)).toEqual({
      ...{ id: 'k-1', name: 'ci', roles: ['producer'], createdAt: NOW, createdBy: 'root', expiresAt: null },
      ...{ lastUsedAt: null, requestsPerMinute: null, revokedAt: null, revokedBy: null },
    });
    expect(newApiKey({ ...DRAFT, expiresInDays: 30 }, 'k-1', 'root', NOW).expiresAt).toBe(NOW + 30 * DAY_MS);
  });

  it.each(['ci', '流水线', 'a b', "O'Neil", 'x'.repeat(100), 'administrator'])(
    'can be called %.20s',
    (name) => {
      expect(faultsOf({ name })).toEqual([]);
    },
  );

  it.each([
    ['', 'too_short'],
    ['x'.repeat(101), 'too_long'],
    ['a\nb', 'not_printable'],
    ['a\0', 'malformed_text'],
    [' ci', 'bad_format'],
    ['ci ', 'bad_format'],
    ['admin', 'reserved'],
    ['Operator', 'reserved'],
    ['ａｎｏｎｙｍｏｕｓ', 'reserved'],
    [7, 'not_text'],
  ])('cannot be called %j', (name, reason) => {
    expect(faultsOf({ name })).toEqual([['name', reason]]);
  });

  it.each([
    [[], 'roles', 'too_short'],
    [['reader', 'reader'], 'roles', 'not_unique'],
    [['reader', 'root'], 'roles[1]', 'not_one_of'],
    ['reader', 'roles', 'not_list'],
  ])('cannot have the roles %j', (roles, field, reason) => {
    expect(faultsOf({ roles })).toEqual([[field, reason]]);
  });

  it('names everything that is wrong or missing', () => {
    expect(faultsOf({ name: undefined, roles: undefined, expiresInDays: 0, requestsPerMinute: -1 })).toEqual([
      ['name', 'required'],
      ['roles', 'required'],
      ['expiresInDays', 'out_of_range'],
      ['requestsPerMinute', 'out_of_range'],
    ]);
  });

  it('is active until the moment at which it expires, and never again once it is revoked', () => {
    const key = newApiKey({ ...DRAFT, expiresInDays: 1 }, 'k-1', 'root', NOW);
    expect(keyStatusOf(key, NOW + DAY_MS - 1)).toBe('active');
    expect(keyStatusOf(key, NOW + DAY_MS)).toBe('expired');
    expect(keyStatusOf({ ...key, revokedAt: NOW }, NOW)).toBe('revoked');
  });
});
