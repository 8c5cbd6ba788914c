import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST } from '../list-plan';
import type { Statement } from '../stream-statement';
import { prepare } from './prepare';

/** The tags that a list asks for. */
export interface TagFilter {
  /** Whether a task `t` has them, in SQL; null where none are asked for. */
  readonly isOn: Statement | null;
  /** The same of a task that has one of `among`. */
  readonly hasOthers: Statement;
  /** Tags of which every task that can match has one; empty where none can match. */
  readonly among: readonly number[];
  /** Tasks with one of those, at most; beyond 10 000 nobody knows. */
  readonly tasks: number;
}

const TRUE: Statement = { sql: '1', parameters: [] };
const ANY_TASK: TagFilter = { isOn: null, hasOthers: TRUE, among: [], tasks: Infinity };
const NO_TASK: TagFilter = { ...ANY_TASK, isOn: { sql: '0', parameters: [] }, tasks: 0 };

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
    const ids = tags.names.flatMap((name) => this.idOf.all(name)).map(({ id }) => id);
    if (ids.length === 0 || (tags.mode === 'all' && ids.length < tags.names.length)) return NO_TASK;
    const known = ids.map((id) => ({ id, tasks: this.few(id) }));
    if (tags.mode === 'any') {
      const tasks = known.reduce((sum, each) => sum + each.tasks, 0);
      return { isOn: hasTags(ids, ' OR '), hasOthers: TRUE, among: ids, tasks };
    }
    const [rarest, ...others] = known.sort((left, right) => left.tasks - right.tasks);
    const otherIds = others.map(({ id }) => id);
    return {
      isOn: hasTags(ids, ' AND '),
      hasOthers: hasTags(otherIds, ' AND '),
      among: rarest === undefined ? [] : [rarest.id],
      tasks: rarest?.tasks ?? 0,
    };
  }

  private few(id: number): number {
    const { tasks = 0 } = this.tasksOf.get(id, COUNT_AT_MOST + 1) ?? {};
    return tasks > COUNT_AT_MOST ? Infinity : tasks;
  }
}

function hasTags(ids: readonly number[], conjunction: ' AND ' | ' OR '): Statement {
  return ids.length === 0 ? TRUE : { sql: `(${ids.map(() => HAS_TAG).join(conjunction)})`, parameters: ids };
}

const HAS_TAG =
  'EXISTS (SELECT 1 FROM task_tags x WHERE x.tag_id = ? AND x.created_at = t.created_at AND x.seq = t.seq)';
