import type { TaskState } from '@task/domain';
import { NameCache, groupKeyOf } from '../name-cache';
import { directoryOf } from '../task.mapper';
import type { PostgresConnection } from './postgres-connection';

interface GroupName {
  readonly key: string;
  readonly path: string | null;
  readonly taskType: string;
  readonly kbId: string;
}

/**
 * Directories, groups and tags are named once and used by number. New names are written in one order on every
 * instance, so that two that name the same ones wait for each other and never deadlock.
 */
export class PostgresNames {
  private readonly groups = new NameCache();
  private readonly tags = new NameCache();

  constructor(private readonly connection: PostgresConnection) {}

  /** The groups of tasks, in their order. */
  async groupsOf(states: readonly TaskState[]): Promise<readonly number[]> {
    const names = states.map(groupNameOf);
    const unknown = names.filter(({ key }) => this.groups.peek(key) === undefined);
    if (unknown.length > 0)
      await this.nameGroups([...new Map(unknown.map((name) => [name.key, name])).values()]);
    return names.map(({ key }) => known(this.groups, key));
  }

  /** The numbers of tags by their names. */
  async tagsOf(names: ReadonlySet<string>): Promise<(name: string) => number> {
    const unknown = [...names].filter((name) => this.tags.peek(name) === undefined).toSorted();
    if (unknown.length > 0) await this.name('tags', 'name', unknown, this.tags);
    return (name) => known(this.tags, name);
  }

  keep(): void {
    this.groups.keep();
    this.tags.keep();
  }

  forget(): void {
    this.groups.forget();
    this.tags.forget();
  }

  private async nameGroups(names: readonly GroupName[]): Promise<void> {
    const directories = new NameCache();
    const paths = [...new Set(names.flatMap(({ path }) => path ?? []))].toSorted();
    if (paths.length > 0) await this.name('directories', 'path', paths, directories);
    const rows = names
      .toSorted((left, right) => (left.key < right.key ? -1 : 1))
      .map(({ key, path, taskType, kbId }) => ({
        key,
        values: [path === null ? 0 : known(directories, path), taskType, kbId],
      }));
    const columns = [0, 1, 2].map((index) => rows.map(({ values }) => values[index]));
    await this.connection.query('add-groups', ADD_GROUPS, columns);
    const found = await this.connection.query<{ id: number; n: number }>('find-groups', FIND_GROUPS, columns);
    for (const { id, n } of found.rows) this.groups.get(rows[n - 1]?.key ?? '', () => id);
  }

  private async name(
    table: string,
    column: string,
    names: readonly string[],
    into: NameCache,
  ): Promise<void> {
    const add = `INSERT INTO ${table} (${column}) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`;
    await this.connection.query(`add-${table}`, add, [names]);
    const find = `SELECT id, ${column} AS name FROM ${table} WHERE ${column} = ANY($1::text[])`;
    const found = await this.connection.query<{ id: number; name: string }>(`find-${table}`, find, [names]);
    for (const { id, name } of found.rows) into.get(name, () => id);
  }
}

const KEYS =
  'unnest($1::int[], $2::text[], $3::text[]) WITH ORDINALITY AS v(directory_id, task_type, kb_id, n)';
const ADD_GROUPS = `INSERT INTO task_groups (directory_id, task_type, kb_id, concurrency_key)
  SELECT directory_id, task_type, kb_id, '' FROM ${KEYS} ORDER BY n ON CONFLICT DO NOTHING`;
const FIND_GROUPS = `SELECT g.id, v.n::int AS n FROM ${KEYS} JOIN task_groups g
  ON (g.directory_id, g.task_type, g.kb_id, g.concurrency_key) = (v.directory_id, v.task_type, v.kb_id, '')`;

function groupNameOf(state: TaskState): GroupName {
  const { path } = directoryOf(state);
  return { key: groupKeyOf(path, state), path, taskType: state.taskType, kbId: state.kbId ?? '' };
}

function known(cache: NameCache, name: string): number {
  const id = cache.peek(name);
  if (id === undefined) throw new Error('the database gave a new name no number');
  return id;
}
