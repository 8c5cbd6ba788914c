import { TASK_SORTS, type TaskSort } from '@task/application';
import { oneOf, printable, TASK_RULES, wholeNumber, type Rule } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { TaskFilterFields } from './task-filter';

const ORDERS = ['asc', 'desc'] as const;

/** Tags in one parameter, separated by commas. */
const TAG_LIST: Rule = {
  schema: { type: 'string' },
  check: (value) =>
    typeof value === 'string' ? TASK_RULES.tags.check(tagsIn(value)) : TASK_RULES.tag.check(value),
};

/** Rows of a page whose caller asks for no other number. */
export const DEFAULT_LIMIT = 100;

/** The tags that a comma-separated parameter names. */
export function tagsIn(text: string): string[] {
  return text.split(',').map((tag) => tag.trim());
}

/** Which tasks to list. */
export class ListTasksQuery extends TaskFilterFields {
  @Field(TAG_LIST, {
    description: 'Only tasks with these tags, separated by commas',
    example: 'performance,analysis',
  })
  declare readonly tags?: string;

  @Field(wholeNumber({ min: 1, max: 1000 }), {
    description: 'Rows of a page',
    example: 10,
    byDefault: DEFAULT_LIMIT,
  })
  declare readonly limit?: number;

  @Field(wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }), {
    description: 'Rows to skip; costs as much as reading them, which a cursor does not',
    example: 0,
    byDefault: 0,
  })
  declare readonly offset?: number;

  @Field(printable({ min: 1, max: 512 }), {
    description: '`next_cursor` of the page before, with the same filters and sort; `offset` is then ignored',
    example: 'WzIxNjYxMzYyNjEsMTc1NTUxMTIwMDAwMCw0Ml0',
  })
  declare readonly cursor?: string;

  @Field(oneOf(TASK_SORTS), { description: 'What to sort by', example: 'priority', byDefault: 'created_at' })
  declare readonly sort_by?: TaskSort['by'];

  @Field(oneOf(ORDERS), { description: 'Which way to sort', example: 'asc', byDefault: 'desc' })
  declare readonly sort_order?: TaskSort['order'];
}
