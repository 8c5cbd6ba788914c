/** What tasks with the same concurrency key share. */
export interface ConcurrencyKey {
  readonly key: string;
  /** How many of its tasks are worked on at once, at most. */
  readonly limit: number;
  /** Slots that are taken. */
  readonly working: number;
  /** Tasks that a claim may take now. */
  readonly ready: number;
  /** Tasks that wait for a slot. */
  readonly held: number;
}

/** Where the limits of concurrency keys live. @throws StoreUnavailable */
export abstract class ConcurrencyKeys {
  /**
   * Gives a key its limit, and makes the key where nothing has used it yet. Work that goes on beyond a lower limit is
   * not stopped: no task is claimed until as many have ended.
   */
  abstract setLimit(key: string, limit: number): Promise<ConcurrencyKey>;

  /** The key, or null when no task has used it and nobody has given it a limit. */
  abstract find(key: string): Promise<ConcurrencyKey | null>;

  /** A page of keys in the order of their names. @param after the last name seen, or '' */
  abstract list(after: string, limit: number): Promise<readonly ConcurrencyKey[]>;

  /**
   * Admits held tasks of keys that have a free slot, as a crash of an instance can leave them.
   * @param limit keys at most
   */
  abstract settleStranded(limit: number): Promise<void>;
}
