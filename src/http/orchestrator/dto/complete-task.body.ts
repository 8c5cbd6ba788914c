import { oneOf, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ProofBody } from './proof.body';

const OUTCOMES = ['completed', 'failed'] as const;

/** A worker's word that its attempt is over. */
export class CompleteTaskBody extends ProofBody {
  @Field(TASK_RULES.prompt, {
    description: 'The prompt that was worked on; must resemble that of the task',
    example: 'Find the performance problems of this code base and propose improvements',
  })
  declare readonly original_prompt?: string;

  @Field(TASK_RULES.resultObject, {
    description:
      'Any JSON object of at most 1 MiB, at most 64 deep; with `status: "failed"` in it the task is failed, with ' +
      '`error` as its error message',
    example: {
      status: 'success',
      output: 'Found 3 performance problems',
      recommendations: ['cache the index'],
    },
  })
  declare readonly result?: object;

  @Field(oneOf(OUTCOMES), { description: 'How it ended', example: 'completed', byDefault: 'completed' })
  declare readonly status?: (typeof OUTCOMES)[number];
}
