import { oneOf, TASK_STATUSES, wholeNumber, type Rule } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { EVENT_TYPES } from '../views/history.view';

/** The place of an event in the log. */
export const EVENT_ID = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });

/** Words in one parameter, separated by commas. */
function commaList(words: readonly string[]): Rule {
  const word = oneOf(words);
  return {
    schema: { type: 'string' },
    check: (value) =>
      typeof value === 'string' ? wordsIn(value).flatMap((text) => word.check(text)) : word.check(value),
  };
}

/** The words that a comma-separated parameter names. */
export function wordsIn(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** Which events of a task to follow, and from where on. */
export class TaskEventsQuery {
  @Field(EVENT_ID, {
    description: 'The last event that the reader has; the header Last-Event-ID counts more',
    example: 41,
  })
  declare readonly after?: number;

  @Field(commaList(Object.values(EVENT_TYPES)), {
    description: 'Only events of these types, separated by commas',
    example: 'task.completed,task.failed',
  })
  declare readonly type?: string;

  @Field(commaList(TASK_STATUSES), {
    description: 'Only events after which the task is in one of these, separated by commas',
    example: 'completed',
  })
  declare readonly status?: string;
}
