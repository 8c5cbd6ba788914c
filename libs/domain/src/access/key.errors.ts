import { DomainError } from '../domain-error';
import type { Violation } from '../rules/rule';

/** Fields of a new key that break their rules; nothing was stored. */
export class InvalidKey extends DomainError {
  readonly code = 'key.invalid';
  constructor(readonly violations: readonly Violation[]) {
    super(`invalid: ${violations.map(({ field, reason }) => `${field} ${reason}`).join(', ')}`);
  }
}

/** No key has this id. */
export class KeyNotFound extends DomainError {
  readonly code = 'key.not_found';
  constructor(readonly keyId: string) {
    super(`no key ${keyId}`);
  }
}

/** A key that is not revoked has this name already: what it did and what the new one does could not be told apart. */
export class KeyNameTaken extends DomainError {
  readonly code = 'key.name_taken';
  constructor(readonly keyName: string) {
    super(`a key called ${keyName} is there already`);
  }
}
