import { ConcurrencyKeys, type ConcurrencyKey } from '@task/application';
import type { InMemoryTaskStore } from './in-memory-task-store';

/** The concurrency keys of tasks in memory. */
export class InMemoryConcurrencyKeys extends ConcurrencyKeys {
  constructor(private readonly tasks: InMemoryTaskStore) {
    super();
  }

  override async setLimit(key: string, limit: number): Promise<ConcurrencyKey> {
    await this.tasks.limitKey(key, limit);
    const stored = await this.find(key);
    if (stored === null) throw new Error('a key that got a limit is gone');
    return stored;
  }

  override async find(key: string): Promise<ConcurrencyKey | null> {
    await Promise.resolve();
    return this.tasks.concurrencyKeys().find((each) => each.key === key) ?? null;
  }

  override async list(after: string, limit: number): Promise<readonly ConcurrencyKey[]> {
    await Promise.resolve();
    return this.tasks
      .concurrencyKeys()
      .filter(({ key }) => key > after)
      .slice(0, limit);
  }

  /** Nothing of one process that lives is ever stranded. */
  override async settleStranded(): Promise<void> {
    await Promise.resolve();
  }
}
