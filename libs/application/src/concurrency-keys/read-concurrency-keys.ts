import { InvalidTask, TASK_RULES } from '@task/domain';
import type { ConcurrencyKey, ConcurrencyKeys } from '../ports/concurrency-keys';

/** Which page of the concurrency keys. */
export interface ListConcurrencyKeysInput {
  /** 1–1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of concurrency keys, in the order of their names. */
export interface ConcurrencyKeysRead {
  readonly keys: readonly ConcurrencyKey[];
  readonly nextCursor: string | null;
}

/** Reads concurrency keys: their limits, and how many of their tasks stand where. */
export class ReadConcurrencyKeys {
  constructor(private readonly keys: ConcurrencyKeys) {}

  /** The key, or null when no task has used it and nobody has given it a limit; also for what no key can be called. */
  async find(key: string): Promise<ConcurrencyKey | null> {
    // What no key can be called is not even looked for: a database may choke on it.
    return TASK_RULES.concurrencyKey.check(key).length === 0 ? this.keys.find(key) : null;
  }

  /** @throws InvalidTask for what is no cursor of this list */
  async list({ limit, cursor }: ListConcurrencyKeysInput): Promise<ConcurrencyKeysRead> {
    const found = await this.keys.list(cursor === undefined ? '' : nameIn(cursor), limit + 1);
    const keys = found.slice(0, limit);
    const last = found.length > limit ? keys.at(-1) : undefined;
    return { keys, nextCursor: last === undefined ? null : Buffer.from(last.key).toString('base64url') };
  }
}

/** The last name that a page has shown. */
function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  const isWhole = Buffer.from(name).toString('base64url') === cursor;
  if (isWhole && TASK_RULES.concurrencyKey.check(name).length === 0) return name;
  const constraints = { expected: 'next_cursor of the same list' };
  throw new InvalidTask([{ field: 'cursor', reason: 'bad_format', constraints }]);
}
