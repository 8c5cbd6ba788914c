/** What must not be guessed, and what must not meet twice. */
export abstract class Ids {
  /** A new UUID v4. */
  abstract taskId(): string;
  /** A new fencing token: at least 122 random bits. */
  abstract leaseToken(): string;
  /** A new UUID v4. */
  abstract keyId(): string;
  /** A new UUID v4. */
  abstract scheduleId(): string;
  /** A new API key, of `keySecretOf` 256 random bits. */
  abstract keySecret(): string;
}
