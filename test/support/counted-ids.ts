import { Ids } from '@task/application';
import { KEY_BYTES, keySecretOf } from '@task/domain';

/** Ids that tell in which order they were given: well-formed, and the same in every run. */
export class CountedIds extends Ids {
  private tasks = 0;
  private tokens = 0;
  private keys = 0;
  private secrets = 0;
  private schedules = 0;

  override taskId(): string {
    this.tasks += 1;
    return uuid(this.tasks);
  }

  override leaseToken(): string {
    this.tokens += 1;
    return `token-${this.tokens}`;
  }

  override keyId(): string {
    this.keys += 1;
    return uuid(0xa0_0000 + this.keys);
  }

  /** The id that was given to a key last. */
  get last(): string {
    return uuid(0xa0_0000 + this.keys);
  }

  override scheduleId(): string {
    this.schedules += 1;
    return uuid(0x5c_0000 + this.schedules);
  }

  override keySecret(): string {
    this.secrets += 1;
    return keySecretOf(new Uint8Array(KEY_BYTES).fill(this.secrets));
  }
}

/** The UUID v4 that stands for a number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
