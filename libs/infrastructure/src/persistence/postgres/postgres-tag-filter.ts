import type { TaskFilter } from '@task/application';
import { MOST_COUNTED } from '../list-totals';
import type { Ask } from '../stream-statement';
import { ANY_TASK, tagFilterOf, type CountedTag, type TagFilter } from '../tag-filter';

const COUNTED = `SELECT n.id, (SELECT count(*)::int FROM
  (SELECT 1 FROM task_tags t WHERE t.tag_id = n.id LIMIT ?) most) AS tasks FROM tags n WHERE n.name IN`;

/** Finds out which tags a list means, and how many tasks have them. */
export class PostgresTagFilter {
  constructor(private readonly ask: Ask) {}

  async of({ tags }: TaskFilter): Promise<TagFilter> {
    if (tags === undefined) return ANY_TASK;
    const { names } = tags;
    const sql = `${COUNTED} (${names.map(() => '?').join(', ')})`;
    return tagFilterOf(tags, await this.ask<CountedTag>({ sql, parameters: [MOST_COUNTED, ...names] }));
  }
}
