import { listOf, TASK_RULES, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { atLeastOne } from '../../shared/validation/items';
import { ClaimTerms } from '../dto/claim-terms';

/** Which tasks a worker asks for; what it does not narrow down may be any. */
export class ClaimTasksBody extends ClaimTerms {
  @Field(TASK_RULES.workDirectory, {
    description: 'Takes tasks of this work directory; both are compared normalised',
    example: '/home/user/project',
  })
  declare readonly work_path?: string;

  @Field(atLeastOne(listOf(TASK_RULES.taskType, { max: 32 })), {
    description: 'Takes tasks of these types',
    example: ['agent_prompt'],
  })
  declare readonly task_types?: readonly string[];

  @Field(TASK_RULES.kbId, { description: 'Takes tasks of this knowledge base', example: 'kb-7' })
  declare readonly kb_id?: string;

  @Field(wholeNumber({ min: 1, max: 100 }), {
    description: 'Tasks at most; fewer when there are fewer',
    example: 10,
    byDefault: 1,
  })
  declare readonly limit?: number;
}
