import { good, TASK_RULES, type Rule } from '@task/domain';
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
