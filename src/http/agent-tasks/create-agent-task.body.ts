import { good, TASK_RULES, type DependencyPolicy, type Rule } from '@task/domain';
import { propertyOptions } from '../shared/docs/schema-options';
import { checkedField, Field, type FieldOptions } from '../shared/validation/field';

/** What a client of the document sends. Its framework takes null for a field that is left out, and so does this. */
export class CreateAgentTaskBody {
  @Field(TASK_RULES.taskType, {
    required: true,
    description: 'Which handler it is for',
    example: 'echo',
  })
  declare readonly task_type: string;

  @Field(TASK_RULES.prompt, {
    required: true,
    description: 'What is to be done',
    example: 'Say it again',
  })
  declare readonly description: string;

  @FieldOrNull(TASK_RULES.payload, {
    description: 'Parameters for the handler: any JSON object of at most 256 KiB, at most 64 deep',
    example: { words: ['hello'] },
  })
  declare readonly parameters?: object | null;

  @FieldOrNull(TASK_RULES.priority, {
    description: 'Done first: 10',
    example: 5,
    byDefault: 1,
  })
  declare readonly priority?: number | null;

  @FieldOrNull(TASK_RULES.timeoutSeconds, {
    description: 'How long it may run; then it is ended, and failed',
    example: 300,
  })
  declare readonly timeout_seconds?: number | null;

  @FieldOrNull(TASK_RULES.dependsOn, {
    description: 'Ids of tasks that have to be completed first',
    example: ['550e8400-e29b-41d4-a716-446655440000'],
  })
  declare readonly depends_on?: readonly string[] | null;

  @FieldOrNull(TASK_RULES.onDependencyFailure, {
    description: 'What becomes of it when one of them has failed for good or was cancelled',
    example: 'cancel',
    byDefault: 'wait',
  })
  declare readonly on_dependency_failure?: DependencyPolicy | null;

  @FieldOrNull(TASK_RULES.concurrencyKey, {
    description: 'Of the tasks with the same key only so many run at once as the limit of the key says',
    example: 'repo:docs',
  })
  declare readonly concurrency_key?: string | null;
}

function FieldOrNull(rule: Rule, options: FieldOptions): PropertyDecorator {
  const orNull: Rule = {
    schema: rule.schema,
    check: (value) => (value === null ? good() : rule.check(value)),
  };
  return checkedField(orNull, options, false, (told) =>
    propertyOptions(rule.schema, { ...told, nullable: true }),
  );
}
