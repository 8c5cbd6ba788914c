import { listOf, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** A worker's sign of life. */
export class HeartbeatBody {
  @Field(listOf(TASK_RULES.leaseToken, { max: 1000 }), {
    description: 'Tokens of the tasks that it holds: needed only where the operator asks for tokens',
    example: ['6f1d2c3b4a5968778695a4b3c2d1e0f0'],
    byDefault: [],
  })
  declare readonly lease_tokens?: readonly string[];
}
