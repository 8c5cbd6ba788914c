import { TASK_SORTS, type TaskSort } from '@task/application';
import { oneOf, TASK_RULES, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { STATUS_NAME, type StatusName } from '../status-names';
import { QueueQuery } from './task-filter';

const ORDERS = ['asc', 'desc'] as const;

/** Rows of a page whose caller asks for no other number. */
export const DEFAULT_PAGE_SIZE = 20;

/** Which tasks to list. */
export class ListTasksQuery extends QueueQuery {
  @Field(TASK_RULES.kbId, { description: 'Only tasks of this knowledge base', example: 'kb_123456' })
  declare readonly kb_id?: string;

  @Field(STATUS_NAME, { description: 'Only tasks in this status', example: 'processing' })
  declare readonly status?: StatusName;

  @Field(wholeNumber({ min: 1, max: 1_000_000_000 }), {
    description: 'Which page, from 1; late pages cost as much as reading all before them',
    example: 1,
    byDefault: 1,
  })
  declare readonly page?: number;

  @Field(wholeNumber({ min: 1, max: 100 }), {
    description: 'Rows of a page',
    example: 20,
    byDefault: DEFAULT_PAGE_SIZE,
  })
  declare readonly page_size?: number;

  @Field(oneOf(TASK_SORTS), { description: 'What to sort by', example: 'priority', byDefault: 'created_at' })
  declare readonly sort_by?: TaskSort['by'];

  @Field(oneOf(ORDERS), { description: 'Which way to sort', example: 'asc', byDefault: 'desc' })
  declare readonly sort_order?: TaskSort['order'];
}
