import { DomainError } from '../domain-error';

/** An idempotency key came back with another request than the one it was first used for. Nothing was done. */
export class IdempotencyKeyReused extends DomainError {
  readonly code = 'idempotency.key_reused';
  constructor() {
    super('the idempotency key was used for another request');
  }
}

/** The first request under this idempotency key is not answered yet. Nothing was done. */
export class IdempotencyKeyInUse extends DomainError {
  readonly code = 'idempotency.key_in_use';
  constructor() {
    super('a request with this idempotency key is still running');
  }
}
