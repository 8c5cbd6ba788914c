/** What a key may be given; each row of behaviour.md 9. */
export const ROLES = ['reader', 'producer', 'worker', 'admin'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Which other roles each role includes. */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  reader: ['reader'],
  producer: ['producer', 'reader'],
  worker: ['worker', 'reader'],
  admin: ROLES,
};

/** Who calls: the name of the key and what it may do. */
export interface Principal {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Its key's own limit, 0 for none; absent where the service's own counts. */
  readonly requestsPerMinute?: number | undefined;
}

/** Whether the caller may do what needs this role. */
export function permits(principal: Principal, needed: Role): boolean {
  return principal.roles.some((role) => INCLUDES[role].includes(needed));
}
