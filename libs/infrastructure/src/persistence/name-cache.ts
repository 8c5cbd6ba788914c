import type { TaskState } from '@task/domain';

const MAX_REMEMBERED = 20_000;

/**
 * Numbers of names, remembered up to a bound. What a transaction that is not committed yet has named is kept apart,
 * since a rollback takes it away. Whatever made it roll back, all else is looked up anew then: a database that has taken
 * over for another one may not know what that one had named last.
 */
export class NameCache {
  private readonly known = new Map<string, number>();
  private readonly pending = new Map<string, number>();

  get(name: string, find: () => number): number {
    const found = this.known.get(name) ?? this.pending.get(name);
    if (found !== undefined) return found;
    const id = find();
    this.pending.set(name, id);
    return id;
  }

  peek(name: string): number | undefined {
    return this.known.get(name) ?? this.pending.get(name);
  }

  keep(): void {
    if (this.pending.size === 0) return;
    if (this.known.size + this.pending.size > MAX_REMEMBERED) this.known.clear();
    for (const [name, id] of this.pending) this.known.set(name, id);
    this.pending.clear();
  }

  forget(): void {
    this.pending.clear();
    this.known.clear();
  }
}

/** What makes two tasks belong to one group, as one text: a control character separates, since no part can hold one. */
export function groupKeyOf(path: string | null, { taskType, kbId }: TaskState): string {
  return `${path ?? ''}\n${taskType}\n${kbId ?? ''}`;
}
