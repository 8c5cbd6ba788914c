import { COUNT, FLAG, Shows, ShowsParts, TEXT } from '../../shared/docs/shows';
import { TaskRow, type TaskView } from './task.view';

/** Which part of a list this is. */
export class Page {
  @Shows(COUNT, {
    description: 'Rows that match; of tasks, counted up to 10 000 where no counter holds them',
  })
  declare readonly total: number;
  @Shows(COUNT, { description: 'Rows of a page' })
  declare readonly limit: number;
  @Shows(COUNT, { description: 'Rows that were skipped' })
  declare readonly offset: number;
  @Shows(FLAG, { description: 'Whether there is a next page' })
  declare readonly has_more: boolean;
}

/** Which page of a list of tasks this is. */
export class Pagination extends Page {
  @Shows(TEXT, {
    description:
      '`cursor` of the next page; null on the last one. A page for which very many tasks were looked at in vain has fewer rows than its `limit`, and goes on here',
    nullable: true,
  })
  declare readonly next_cursor: string | null;
  @Shows(FLAG, {
    description: 'Present, and true, when counting stopped: there are at least as many as `total`',
    optional: true,
  })
  declare readonly total_capped?: true;
}

/** A page of tasks. */
export class TaskList {
  @ShowsParts([TaskRow], { description: 'The tasks, sorted' })
  declare readonly tasks: readonly Partial<TaskView>[];
  @ShowsParts(Pagination, { description: 'Which page this is' })
  declare readonly pagination: Pagination;
}
