import type { IdempotencyKey } from '@task/application';

/** An idempotency key that counts how often its outcome was told again. */
export class CountedKey implements IdempotencyKey {
  replays = 0;

  constructor(
    readonly key: string,
    readonly fingerprint = 'POST /tasks {}',
  ) {}

  readonly onReplay = (): void => {
    this.replays += 1;
  };

  /** The same key for another request. */
  forAnother(): CountedKey {
    return new CountedKey(this.key, `${this.fingerprint} otherwise`);
  }
}
