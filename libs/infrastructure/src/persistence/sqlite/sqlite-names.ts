import type Sqlite from 'better-sqlite3';
import type { TaskState } from '@task/domain';
import { directoryOf } from '../task.mapper';
import { NameCache, groupKeyOf } from '../name-cache';
import { prepare } from './prepare';

/**
 * Directories, groups and tags are named once and used by number. Numbers that are read or made are remembered, those
 * of the running transaction only when it commits.
 */
export class SqliteNames {
  private readonly groups = new NameCache();
  private readonly tags = new NameCache();
  private readonly findDirectory: Sqlite.Statement<[string], { id: number }>;
  private readonly addDirectory: Sqlite.Statement<[string], { id: number }>;
  private readonly findGroup: Sqlite.Statement<[number, string, string, string], { id: number }>;
  private readonly addGroup: Sqlite.Statement<[number, string, string, string], { id: number }>;
  private readonly findTag: Sqlite.Statement<[string], { id: number }>;
  private readonly addTag: Sqlite.Statement<[string], { id: number }>;

  constructor(db: Sqlite.Database) {
    this.findDirectory = prepare(db, 'SELECT id FROM directories WHERE path = ?');
    this.addDirectory = prepare(db, 'INSERT INTO directories (path) VALUES (?) RETURNING id');
    const key = 'directory_id, task_type, kb_id, concurrency_key';
    this.findGroup = prepare(db, `SELECT id FROM task_groups WHERE (${key}) = (?, ?, ?, ?)`);
    this.addGroup = prepare(db, `INSERT INTO task_groups (${key}) VALUES (?, ?, ?, ?) RETURNING id`);
    this.findTag = prepare(db, 'SELECT id FROM tags WHERE name = ?');
    this.addTag = prepare(db, 'INSERT INTO tags (name) VALUES (?) RETURNING id');
  }

  groupOf(state: TaskState): number {
    const { path } = directoryOf(state);
    return this.groups.get(groupKeyOf(path, state), () => {
      const directory = path === null ? 0 : idOf(this.findDirectory.get(path) ?? this.addDirectory.get(path));
      const key = [directory, state.taskType, state.kbId ?? '', ''] as const;
      return idOf(this.findGroup.get(...key) ?? this.addGroup.get(...key));
    });
  }

  tagOf(name: string): number {
    return this.tags.get(name, () => idOf(this.findTag.get(name) ?? this.addTag.get(name)));
  }

  /** The transaction is committed: what it named is known from now on. */
  keep(): void {
    this.groups.keep();
    this.tags.keep();
  }

  /** The transaction is gone, and with it what it named. */
  forget(): void {
    this.groups.forget();
    this.tags.forget();
  }
}

function idOf(row: { id: number } | undefined): number {
  if (row === undefined) throw new Error('the database gave a new row no id');
  return row.id;
}
