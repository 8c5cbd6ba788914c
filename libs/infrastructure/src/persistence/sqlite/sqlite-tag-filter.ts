import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { RARE_TAG } from '../list-plan';
import { prepare } from './prepare';

/** The tags that a list asks for. */
export interface TagFilter {
  /** Every task that can match, when there are few enough to look at all of them; otherwise null. */
  readonly rare: readonly number[] | null;
  has(seq: number): boolean;
}

const ANY_TASK: TagFilter = { rare: null, has: () => true };
const NO_TASK: TagFilter = { rare: [], has: () => false };

/** Finds tasks by tag, through the index of the rarest tag where that is short. */
export class SqliteTagFilter {
  private readonly idOf: Sqlite.Statement<[string], { id: number }>;
  private readonly seqsOf: Sqlite.Statement<[number, number], { seq: number }>;
  private readonly isOn: Sqlite.Statement<[number, number]>;

  constructor(db: Sqlite.Database) {
    this.idOf = prepare(db, 'SELECT id FROM tags WHERE name = ?');
    this.seqsOf = prepare(db, 'SELECT seq FROM task_tags WHERE tag_id = ? LIMIT ?');
    this.isOn = prepare(db, 'SELECT 1 FROM task_tags WHERE tag_id = ? AND seq = ?');
  }

  of({ tags }: TaskFilter): TagFilter {
    if (tags === undefined) return ANY_TASK;
    const known = tags.names.flatMap((name) => this.idOf.all(name)).map(({ id }) => id);
    return tags.mode === 'all' ? this.all(known, tags.names.length) : this.any(known);
  }

  private all(ids: readonly number[], asked: number): TagFilter {
    if (ids.length < asked) return NO_TASK;
    const rare = ids.map((id) => this.few(id)).filter((seqs) => seqs !== null);
    const shortest = rare.sort((left, right) => left.length - right.length)[0] ?? null;
    return { rare: shortest, has: (seq) => ids.every((id) => this.isOn.get(id, seq) !== undefined) };
  }

  private any(ids: readonly number[]): TagFilter {
    const few = ids.map((id) => this.few(id));
    const rare = few.some((seqs) => seqs === null) ? null : [...new Set(few.flatMap((seqs) => seqs ?? []))];
    return { rare, has: (seq) => ids.some((id) => this.isOn.get(id, seq) !== undefined) };
  }

  private few(id: number): readonly number[] | null {
    const seqs = this.seqsOf.all(id, RARE_TAG + 1).map(({ seq }) => seq);
    return seqs.length > RARE_TAG ? null : seqs;
  }
}
