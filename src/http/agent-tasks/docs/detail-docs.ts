import type { AnswerDoc, Schema } from '../../shared/docs/endpoint';
import { failureAnswers } from '../../shared/docs/failure-answers';
import type { Failures } from '../../shared/docs/failure-examples';
import { refTo } from '../../shared/docs/endpoint';
import { AgentTasksFailures } from '../agent-tasks-failures';
import { AgentTask } from '../agent-task.view';

const MISTAKE: Schema = {
  type: 'object',
  required: ['loc', 'msg', 'type'],
  properties: {
    loc: {
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      description: 'Where it is: `["body", "priority"]`',
    },
    msg: { type: 'string', description: "Why, in the caller's language" },
    type: { type: 'string', description: 'Never changes' },
  },
};

const DETAIL: Schema = {
  type: 'object',
  required: ['detail'],
  properties: {
    detail: {
      description: 'What went wrong; of a request that is not valid, every mistake of it',
      anyOf: [{ type: 'string' }, { type: 'array', items: MISTAKE }],
    },
  },
};

/** An answer that went well. */
export function answers(status: number, examples: Readonly<Record<string, AgentTask>>): AnswerDoc {
  return { status, schema: refTo(AgentTask), models: [AgentTask], examples };
}

/** The answers that these failures have, one for each status, exactly as they are worded. */
export function fails(failures: Failures): AnswerDoc[] {
  return failureAnswers({ renderer: new AgentTasksFailures(), schema: DETAIL, models: [] }, failures);
}
