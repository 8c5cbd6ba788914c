import type { Task } from '@task/domain';
import type { ArchivedTask } from './archive/archive-tables';
import type { StoredTask } from './stored-task';
import type { Tables } from './tables';

/** The tasks that a group of commands has loaded and locked, each as the group has left it so far. */
export class LoadedTasks {
  private readonly byId = new Map<string, StoredTask>();
  private readonly bySeq = new Map<number, StoredTask>();
  private readonly archived = new Map<string, ArchivedTask>();

  constructor(private readonly tables: Tables) {}

  /** Undefined for a task that was not loaded, or is none. */
  get(id: string): StoredTask | undefined {
    return this.byId.get(id);
  }

  /** A task that was archived: nothing changes it any more. */
  getArchived(id: string): ArchivedTask | undefined {
    return this.archived.get(id);
  }

  /** A task as it is, archived or not. */
  find(id: string): Task | undefined {
    return this.byId.get(id)?.task ?? this.archived.get(id)?.task;
  }

  /** Whether a task was loaded, or made. */
  has(seq: number): boolean {
    return this.bySeq.has(seq);
  }

  /** The task as it was decided to be. */
  put(stored: StoredTask): void {
    this.byId.set(stored.task.id, stored);
    this.bySeq.set(stored.seq, stored);
  }

  /** Loads tasks that are not locked yet, and may have to wait for another transaction. */
  async loadByIds(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.byId.has(id));
    if (missing.length === 0) return;
    for (const stored of await this.tables.loadByIds(missing)) this.put(stored);
    // Looked for second: nothing ever comes back from there.
    const gone = missing.filter((id) => !this.byId.has(id));
    if (gone.length === 0) return;
    for (const found of await this.tables.archive.find(gone)) this.archived.set(found.task.id, found);
  }

  /** Loads tasks that this transaction has locked. @returns them, in the order asked for */
  async loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    const missing = seqs.filter((seq) => !this.bySeq.has(seq));
    if (missing.length > 0) {
      for (const stored of await this.tables.loadBySeqs(missing)) this.put(stored);
    }
    return this.at(seqs);
  }

  /** Every task that was loaded, or made. */
  all(): Iterable<StoredTask> {
    return this.bySeq.values();
  }

  /** Those of them that are loaded, in this order. */
  at(seqs: readonly number[]): readonly StoredTask[] {
    return seqs.flatMap((seq) => this.bySeq.get(seq) ?? []);
  }
}
