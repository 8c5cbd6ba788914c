import { InvalidTask, type Proof } from '@task/domain';
import type { Policy } from '../ports/policy';

/** Refuses a holder's write without a token where the operator forbids that. @throws InvalidTask */
export function requireToken(proof: Proof, policy: Policy): void {
  if (!policy.requireLeaseToken || proof.leaseToken !== undefined) return;
  throw new InvalidTask([{ field: 'leaseToken', reason: 'required', constraints: {} }]);
}
