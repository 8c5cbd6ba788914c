import { TASK_SORTS, type TaskSort } from '@task/application';
import {
  oneOf,
  printable,
  TASK_RULES,
  wholeNumber,
  type PriorityBand,
  type Rule,
  type TaskStatus,
} from '@task/domain';
import { Field } from '../../shared/validation/field';

const ORDERS = ['asc', 'desc'] as const;
const TAGS_MODES = ['all', 'any'] as const;

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
export class ListTasksQuery {
  @Field(TASK_RULES.status, { description: 'Only tasks in this status', example: 'completed' })
  declare readonly status?: TaskStatus;

  @Field(printable({ min: 1, max: 512 }), {
    description: 'Only tasks whose work directory has this in it, letter by letter',
    example: 'project',
  })
  declare readonly work_directory?: string;

  @Field(TASK_RULES.priorityBand, { description: 'Only tasks of this priority', example: 'high' })
  declare readonly priority?: PriorityBand;

  @Field(TAG_LIST, {
    description: 'Only tasks with these tags, separated by commas',
    example: 'performance,analysis',
  })
  declare readonly tags?: string;

  @Field(oneOf(TAGS_MODES), {
    description: 'Whether all tags are needed, or any',
    example: 'any',
    byDefault: 'all',
  })
  declare readonly tags_mode?: (typeof TAGS_MODES)[number];

  @Field(TASK_RULES.taskType, { description: 'Only tasks of this type', example: 'agent_prompt' })
  declare readonly task_type?: string;

  @Field(TASK_RULES.kbId, { description: 'Only tasks of this knowledge base', example: 'kb-7' })
  declare readonly kb_id?: string;

  @Field(TASK_RULES.availableAt, {
    description: 'Only tasks created at this time or later; UTC when it names no offset',
    example: '2025-08-18T00:00:00Z',
  })
  declare readonly created_after?: string;

  @Field(TASK_RULES.availableAt, {
    description: 'Only tasks created before this time; UTC when it names no offset',
    example: '2025-08-19T00:00:00Z',
  })
  declare readonly created_before?: string;

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
