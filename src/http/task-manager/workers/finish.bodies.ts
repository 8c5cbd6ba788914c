import { flag, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ProofBody } from './proof.body';

/** A worker's word that its task is done. */
export class CompleteBody extends ProofBody {
  @Field(TASK_RULES.result, {
    description: 'What it brought: any JSON of at most 1 MiB, at most 64 deep',
    example: { chunks: 12 },
  })
  declare readonly result?: unknown;
}

/** A worker's word that its attempt failed. */
export class FailBody extends ProofBody {
  @Field(TASK_RULES.errorMessage, {
    required: true,
    description: 'Why it failed',
    example: 'The file is not text',
  })
  declare readonly error_message: string;

  @Field(flag(), {
    description: 'Whether trying again can help; false ends automatic retries',
    example: false,
    byDefault: true,
  })
  declare readonly retryable?: boolean;
}

/** A worker gives its task back. */
export class ReleaseBody extends ProofBody {
  @Field(TASK_RULES.reason, { description: 'Why', example: 'The worker is shutting down' })
  declare readonly reason?: string;
}
