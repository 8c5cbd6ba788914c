import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST } from '../list-plan';
import type { Statement } from '../stream-statement';
import { prepare } from './prepare';

/** The tags that a list asks for. */
export interface TagFilter {
  /** Whether a task `t` has them, in SQL; null where none are asked for. */
  readonly isOn: Statement | null;
  /** Tags of which every task that can match has one; empty where none can match. */
  readonly among: readonly number[];
  /** Tasks with one of those, at most; beyond 10 000 nobody knows. */
  readonly tasks: number;
}

const ANY_TASK: TagFilter = { isOn: null, among: [], tasks: Infinity };
const NO_TASK: TagFilter = { isOn: { sql: '0', parameters: [] }, among: [], tasks: 0 };

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
    const isOn = {
      sql: `(${ids.map(() => HAS_TAG).join(tags.mode === 'all' ? ' AND ' : ' OR ')})`,
      parameters: ids,
    };
    if (tags.mode === 'any')
      return { isOn, among: ids, tasks: known.reduce((sum, { tasks }) => sum + tasks, 0) };
    const [rarest] = known.sort((left, right) => left.tasks - right.tasks);
    return { isOn, among: rarest === undefined ? [] : [rarest.id], tasks: rarest?.tasks ?? 0 };
  }

  private few(id: number): number {
    const { tasks = 0 } = this.tasksOf.get(id, COUNT_AT_MOST + 1) ?? {};
    return tasks > COUNT_AT_MOST ? Infinity : tasks;
  }
}

const HAS_TAG = 'EXISTS (SELECT 1 FROM task_tags x WHERE x.tag_id = ? AND x.seq = t.seq)';
