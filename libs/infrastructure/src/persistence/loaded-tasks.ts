import type { StoredTask } from './stored-task';
import type { Tables } from './tables';

/** The tasks that a group of commands has loaded and locked, each as the group has left it so far. */
export class LoadedTasks {
  private readonly byId = new Map<string, StoredTask>();
  private readonly bySeq = new Map<number, StoredTask>();

  constructor(private readonly tables: Tables) {}

  /** Undefined for a task that was not loaded, or is none. */
  get(id: string): StoredTask | undefined {
    return this.byId.get(id);
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
  }

  /** Loads tasks that this transaction has locked. @returns them, in the order asked for */
  async loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    const missing = seqs.filter((seq) => !this.bySeq.has(seq));
    if (missing.length > 0) {
      for (const stored of await this.tables.loadBySeqs(missing)) this.put(stored);
    }
    return this.at(seqs);
  }

  /** Those of them that are loaded, in this order. */
  at(seqs: readonly number[]): readonly StoredTask[] {
    return seqs.flatMap((seq) => this.bySeq.get(seq) ?? []);
  }
}
