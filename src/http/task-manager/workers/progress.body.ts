import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ProofBody } from './proof.body';

/** How far a worker is. */
export class ProgressBody extends ProofBody {
  @Field(TASK_RULES.progress, {
    required: true,
    description: 'Percent; less than before is fine, work can be done again',
    example: 75,
  })
  declare readonly progress: number;

  @Field(TASK_RULES.progressMessage, {
    description: 'The same in words; without it the last ones stay',
    example: 'Processing embeddings...',
  })
  declare readonly message?: string;
}
