import { TASK_RULES, type Proof } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** How a worker shows that a task is its own; a body without either only says that somebody works on it. */
export class ProofBody {
  @Field(TASK_RULES.workerId, { description: 'The name under which it was claimed', example: 'worker_001' })
  declare readonly worker_id?: string;

  @Field(TASK_RULES.leaseToken, {
    description: "The token of the claim's answer: refused when somebody else has claimed since",
    example: '6f1d2c3b4a5968778695a4b3c2d1e0f0',
  })
  declare readonly lease_token?: string;
}

/** The proof that a body carries. */
export function proofOf({ worker_id: workerId, lease_token: leaseToken }: ProofBody): Proof {
  return { workerId, leaseToken };
}
