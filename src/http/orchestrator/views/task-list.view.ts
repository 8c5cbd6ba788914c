import { COUNT, FLAG, Shows, ShowsParts, TEXT } from '../../shared/docs/shows';
import { TaskRow, type TaskView } from './task.view';

/** Which page of a list this is. */
export class Pagination {
  @Shows(COUNT, { description: 'Tasks that match, counted up to 10 000 where no counter holds them' })
  declare readonly total: number;
  @Shows(COUNT, { description: 'Rows of a page' })
  declare readonly limit: number;
  @Shows(COUNT, { description: 'Rows that were skipped' })
  declare readonly offset: number;
  @Shows(FLAG, { description: 'Whether there is a next page' })
  declare readonly has_more: boolean;
  @Shows(TEXT, { description: '`cursor` of the next page; null on the last one', nullable: true })
  declare readonly next_cursor: string | null;
  @Shows(FLAG, { description: 'Present, and true, when counting stopped', optional: true })
  declare readonly total_capped?: true;
}

/** A page of tasks. */
export class TaskList {
  @ShowsParts([TaskRow], 'The tasks, sorted')
  declare readonly tasks: readonly Partial<TaskView>[];
  @ShowsParts(Pagination, 'Which page this is')
  declare readonly pagination: Pagination;
}
