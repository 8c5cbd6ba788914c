import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST } from '../list-plan';
import { ANY_TASK, tagFilterOf, type TagFilter } from '../tag-filter';
import { prepare } from './prepare';

/** Finds out which tags a list means, and how many tasks have them. */
export class SqliteTagFilter {
  private readonly idOf: Sqlite.Statement<[string], { id: number }>;
  private readonly tasksOf: Sqlite.Statement<[number, number], { tasks: number }>;

  constructor(db: Sqlite.Database) {
    this.idOf = prepare(db, 'SELECT id FROM tags WHERE name = ?');
    this.tasksOf = prepare(
      db,
      'SELECT count(*) AS tasks FROM (SELECT 1 FROM task_tags WHERE tag_id = ? LIMIT ?)',
    );
  }

  of({ tags }: TaskFilter): TagFilter {
    if (tags === undefined) return ANY_TASK;
    const ids = [...new Set(tags.names)].flatMap((name) => this.idOf.all(name)).map(({ id }) => id);
    const counted = ids.map((id) => ({ id, tasks: this.tasksOf.get(id, COUNT_AT_MOST + 1)?.tasks ?? 0 }));
    return tagFilterOf(tags, counted);
  }
}
