import { flag, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ProofBody } from './proof.body';

/** A worker's word that its attempt failed. */
export class FailTaskBody extends ProofBody {
  @Field(TASK_RULES.errorMessage, {
    required: true,
    description: 'Why it failed',
    example: 'The repository could not be cloned',
  })
  declare readonly error_message: string;

  @Field(TASK_RULES.resultObject, {
    description: 'What is kept of the attempt: any JSON object of at most 1 MiB, at most 64 deep',
    example: { exit_code: 128 },
  })
  declare readonly result?: object;

  @Field(flag(), {
    description: 'Whether trying again can help; false ends automatic retries',
    example: false,
    byDefault: true,
  })
  declare readonly retryable?: boolean;
}
