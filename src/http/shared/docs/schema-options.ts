import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { RuleSchema } from '@task/domain';

const ANY_JSON = {
  anyOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {} },
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'null' },
  ],
} as const;

/** Schema and options as the documentation takes them. */
export function propertyOptions(schema: RuleSchema, options: object): ApiPropertyOptions {
  return { ...documented(schema), ...options };
}

/** A rule's schema, saying outright what JSON Schema leaves open. */
function documented({ items, ...schema }: RuleSchema): object {
  if (Object.keys(schema).length === 0) return ANY_JSON;
  return {
    ...schema,
    ...(schema.type === 'object' && { additionalProperties: true }),
    ...(items !== undefined && { items: documented(items) }),
  };
}
