import { randomBytes, randomUUID } from 'node:crypto';
import { Ids } from '@task/application';
import { KEY_BYTES, keySecretOf } from '@task/domain';

/** Ids from the operating system's cryptographic random numbers. */
export class RandomIds extends Ids {
  override taskId(): string {
    return randomUUID();
  }

  /** 128 bits, in characters that no shell, URL or option parser takes for its own. */
  override leaseToken(): string {
    return randomBytes(16).toString('hex');
  }

  override keyId(): string {
    return randomUUID();
  }

  override scheduleId(): string {
    return randomUUID();
  }

  override keySecret(): string {
    return keySecretOf(randomBytes(KEY_BYTES));
  }
}
