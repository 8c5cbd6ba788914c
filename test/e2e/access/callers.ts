import { newApiKey, ROLES, type Role } from '@task/domain';
import type { TestService } from '../http/service';
import { uuid } from '../../support/counted-ids';

/** Somebody who asks, and what its key is worth. */
export interface Caller {
  readonly name: string;
  /** What it sends as `Authorization`; null for nothing. */
  readonly authorization: string | null;
  /** The roles that it has; null for one whom nobody knows. */
  readonly roles: readonly Role[] | null;
}

const DAY_MS = 86_400_000;

/** Callers without a key, with keys of each role, and with keys that are wrong, expired or revoked. */
export async function callersOf({ core: { ids, keys }, clock }: TestService): Promise<readonly Caller[]> {
  const make = async (
    name: string,
    roles: readonly Role[],
    expiresInDays?: number,
  ): Promise<[string, string]> => {
    const secret = ids.keySecret();
    const { key } = await keys.create(
      (now) => newApiKey({ name, roles, expiresInDays }, ids.keyId(), 'nobody', now),
      secret,
    );
    return [key.id, secret];
  };
  const [, expired] = await make('expired', ['admin'], 1);
  clock.advance(2 * DAY_MS);
  const [revokedId, revoked] = await make('revoked', ['admin']);
  await keys.revoke(revokedId, 'nobody');
  const [, good] = await make('good', ['admin']);
  const unknown: readonly [string, string | null][] = [
    ['no key', null],
    ['an empty key', 'Bearer '],
    ['a wrong key', `Bearer ${ids.keySecret()}`],
    ['a mistyped key', `Bearer ${good.slice(0, -1)}${good.endsWith('x') ? 'y' : 'x'}`],
    ['a good key and more', `Bearer ${good}x`],
    ['a good key under another scheme', `Basic ${Buffer.from(`admin:${good}`).toString('base64')}`],
    ['the id of a good key', `Bearer ${revokedId}`],
    ['an expired key', `Bearer ${expired}`],
    ['a revoked key', `Bearer ${revoked}`],
    ['the name of nobody’s key', `Bearer ${uuid(77)}`],
  ];
  const known = await Promise.all(
    [...ROLES.map((role) => [role]), ['producer', 'worker'] as const].map(async (roles): Promise<Caller> => {
      const name = `a key of ${roles.join(' and ')}`;
      const [, secret] = await make(name, roles);
      return { name, authorization: `Bearer ${secret}`, roles };
    }),
  );
  return [...unknown.map(([name, authorization]) => ({ name, authorization, roles: null })), ...known];
}
