import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { ClaimTerms } from './claim-terms';

/** Which task a worker asks for. */
export class ClaimTaskQuery extends ClaimTerms {
  @Field(TASK_RULES.workDirectory, {
    required: true,
    description: 'Takes tasks of this work directory; both are compared normalised',
    example: '/home/user/project',
  })
  declare readonly work_path: string;
}
