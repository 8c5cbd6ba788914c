import { printable, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { Items } from '../../shared/validation/items';

/** How one attempt ended. */
export class CompletionBody {
  @Field(printable({ min: 1, max: 100 }), {
    required: true,
    description: 'The task',
    example: '550e8400-e29b-41d4-a716-446655440000',
  })
  declare readonly task_id: string;

  @Field(TASK_RULES.leaseToken, {
    required: true,
    description: "The token of the claim's answer",
    example: '6f1d2c3b4a5968778695a4b3c2d1e0f0',
  })
  declare readonly lease_token: string;

  @Field(TASK_RULES.resultObject, {
    description:
      'Any JSON object of at most 1 MiB, at most 64 deep; with `status: "failed"` in it the task is failed',
    example: { status: 'success' },
  })
  declare readonly result?: object;

  @Field(TASK_RULES.errorMessage, {
    description: 'Why it failed; with it the task is failed',
    example: 'The repository could not be cloned',
  })
  declare readonly error_message?: string;
}

/** How several attempts ended, each for itself. */
export class FinishTasksBody {
  @Items(
    CompletionBody,
    { max: 100 },
    {
      required: true,
      description: 'How each of them ended',
      example: [
        {
          task_id: '550e8400-e29b-41d4-a716-446655440000',
          lease_token: '6f1d2c3b4a5968778695a4b3c2d1e0f0',
          result: { status: 'success' },
        },
      ],
    },
  )
  declare readonly completions: readonly CompletionBody[];
}
