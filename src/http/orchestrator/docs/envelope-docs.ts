import type { Type } from '@nestjs/common';
import { Shows, TEXT } from '../../shared/docs/shows';
import { refTo, type AnswerDoc, type Schema } from '../../shared/docs/endpoint';
import { failureAnswers } from '../../shared/docs/failure-answers';
import type { Failures } from '../../shared/docs/failure-examples';
import { OrchestratorFailures } from '../orchestrator-failures';
import { STATUS_OF } from '../failure-table';

const AT = '2025-08-18T10:00:00.000Z';

/** A field that breaks its rule. */
export class FieldViolation {
  @Shows(TEXT, { description: 'The field, an element of it as `tags[3]`' })
  declare readonly field: string;
  @Shows(TEXT, { description: "Why, in the caller's language" })
  declare readonly reason: string;
  @Shows({ type: 'object' }, { description: 'What is allowed, in figures' })
  declare readonly constraints: object;
}

const STAMP: Schema = { type: 'string', format: 'date-time', description: 'When it was answered' };

const ERROR: Schema = {
  type: 'object',
  required: ['code', 'message', 'details'],
  properties: {
    code: { type: 'string', enum: Object.keys(STATUS_OF), description: 'Never changes' },
    message: { type: 'string', description: "In the caller's language" },
    details: {
      description: 'A list of fields for VALIDATION_ERROR, otherwise an object',
      anyOf: [
        { type: 'array', items: refTo(FieldViolation) },
        { type: 'object', additionalProperties: true },
      ],
    },
  },
};

/** Every answer that went wrong. */
export const ERROR_ANSWER: Schema = {
  type: 'object',
  required: ['success', 'data', 'error', 'timestamp'],
  properties: { success: { const: false }, data: { type: 'null' }, error: ERROR, timestamp: STAMP },
};

/** An answer that went well: the data's class, and a real one of it, null included where that can be. */
export function answers(
  status: number,
  type: Type,
  examples: Readonly<Record<string, object | null>>,
): AnswerDoc {
  const canBeNull = Object.values(examples).includes(null);
  const data = canBeNull ? { anyOf: [refTo(type), { type: 'null' }] } : refTo(type);
  const schema = {
    type: 'object',
    required: ['success', 'data', 'error', 'timestamp'],
    properties: { success: { const: true }, data, error: { type: 'null' }, timestamp: STAMP },
  };
  const wrapped = Object.entries(examples).map(([name, value]) => [
    name,
    { success: true, data: value, error: null, timestamp: AT },
  ]);
  return { status, schema, models: [type], examples: Object.fromEntries(wrapped) as Record<string, object> };
}

/** The answers that these failures have, one for each status, exactly as they are worded. */
export function fails(failures: Failures): AnswerDoc[] {
  const shape = {
    renderer: new OrchestratorFailures(),
    schema: { $ref: '#/components/schemas/ErrorAnswer' },
    models: [FieldViolation],
    shown: (body: object) => ({ ...body, timestamp: AT }),
  };
  return failureAnswers(shape, failures);
}
