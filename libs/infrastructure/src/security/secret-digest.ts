import { createHash } from 'node:crypto';

/** SHA-256 of a secret, as it is kept: of 256 random bits, which no dictionary holds, so that no salt is needed. */
export function secretDigestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
