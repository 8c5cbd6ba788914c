import type { Type } from '@nestjs/common';
import { refTo, type AnswerDoc, type Schema } from '../../shared/docs/endpoint';
import { failureAnswers } from '../../shared/docs/failure-answers';
import type { Failures } from '../../shared/docs/failure-examples';
import { STATUS_OF } from '../failure-table';
import { TaskManagerFailures } from '../task-manager-failures';

/** Every answer that went wrong. */
export const ERROR_ANSWER: Schema = {
  type: 'object',
  required: ['error', 'message', 'code', 'details'],
  properties: {
    error: { type: 'string', description: "In a few words, in the caller's language" },
    message: { type: 'string', description: "In the caller's language" },
    code: { type: 'string', enum: Object.keys(STATUS_OF), description: 'Never changes' },
    details: {
      type: 'object',
      additionalProperties: true,
      description:
        'For INVALID_REQUEST `fields`, a list of every wrong one, with `index` where there are several tasks',
    },
  },
};

/** An answer that went well: its class, and real ones of it. */
export function answers(status: number, type: Type, examples: Readonly<Record<string, object>>): AnswerDoc {
  return { status, schema: refTo(type), models: [type], examples };
}

/** An answer that went well and has nothing to tell. */
export function answersNothing(description: string): AnswerDoc {
  return { status: 204, description, schema: {}, models: [], examples: {}, mediaType: null };
}

/** The answers that these failures have, one for each status, exactly as they are worded. */
export function fails(failures: Failures): AnswerDoc[] {
  const schema = { $ref: '#/components/schemas/ErrorAnswer' };
  return failureAnswers({ renderer: new TaskManagerFailures(), schema, models: [] }, failures);
}
