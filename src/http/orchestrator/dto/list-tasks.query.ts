import { TASK_SORTS, type TaskSort } from '@task/application';
import { oneOf, TASK_RULES, type Rule } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { CursorOfPage, RowsOfPage, RowsToSkip } from './page-fields';
import { TaskFilterFields } from './task-filter';

const ORDERS = ['asc', 'desc'] as const;

/** Tags in one parameter, separated by commas. */
const TAG_LIST: Rule = {
  schema: { type: 'string' },
  check: (value) =>
    typeof value === 'string' ? TASK_RULES.tags.check(tagsIn(value)) : TASK_RULES.tag.check(value),
};

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

  @RowsOfPage()
  declare readonly limit?: number;

  @RowsToSkip(
    '; costs as much as reading them, which a cursor does not. A page that has looked at 100 000 tasks in vain ends there: go on by its `next_cursor`',
  )
  declare readonly offset?: number;

  @CursorOfPage({
    more: ', with the same filters and sort; `offset` is then ignored',
    example: 'WzIxNjYxMzYyNjEsMTc1NTUxMTIwMDAwMCw0Ml0',
    max: 512,
  })
  declare readonly cursor?: string;

  @Field(oneOf(TASK_SORTS), { description: 'What to sort by', example: 'priority', byDefault: 'created_at' })
  declare readonly sort_by?: TaskSort['by'];

  @Field(oneOf(ORDERS), { description: 'Which way to sort', example: 'asc', byDefault: 'desc' })
  declare readonly sort_order?: TaskSort['order'];
}
