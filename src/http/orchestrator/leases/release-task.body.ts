import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ProofBody } from '../dto/proof.body';

/** Why a worker gives a task back. */
export class ReleaseTaskBody extends ProofBody {
  @Field(TASK_RULES.reason, { description: 'Why', example: 'The worker is shutting down' })
  declare readonly reason?: string;
}
