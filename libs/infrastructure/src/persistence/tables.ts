import type { ClaimFilter } from '@task/application';
import type { EpochMs, TaskState } from '@task/domain';
import type { ArchiveTables } from './archive/archive-tables';
import type { KeptOutcome, Upkeep } from './commands';
import type { RollUps } from './roll-ups';
import type { Change, LoggedTransition, StoredTask } from './stored-task';

/** What a group of commands has to write, all in one transaction. */
export interface WriteSet {
  /** Replace what was kept under the same keys. */
  readonly outcomes: readonly KeptOutcome[];
  readonly changes: readonly Change[];
  readonly transitions: readonly LoggedTransition[];
  readonly rollUps: RollUps;
}

/**
 * The statements of one database, in bulk: how many there are does not grow with the group. Between `begin` and
 * `commit` or `rollback` only one group uses them.
 */
export interface Tables extends Upkeep {
  /** What ended long ago, and the way there. */
  readonly archive: ArchiveTables;
  begin(): Promise<void>;
  /** Rejects with the database's error when the outcome may be unknown. */
  commit(): Promise<void>;
  /** Never rejects: what is broken is replaced before the next `begin`. */
  rollback(): Promise<void>;
  /** Whether the same transaction, run again, is likely to pass: a deadlock or a failed serialisation. */
  isRepeatable(error: unknown): boolean;

  /** The store's time. */
  now(): Promise<EpochMs>;
  /** How many tasks wait. */
  waiting(): Promise<number>;
  /** Loads tasks for update, locked in order of arrival; ids that name none are left out. */
  loadByIds(ids: readonly string[]): Promise<readonly StoredTask[]>;
  /** Loads tasks that this transaction has locked. */
  loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]>;
  /** The most urgent ready tasks, locked, most urgent first; without those taken already. */
  claimable(filter: ClaimFilter, limit: number, taken: ReadonlySet<number>): Promise<readonly number[]>;
  /** Scheduled tasks that are due, locked, earliest first. */
  due(now: EpochMs, limit: number): Promise<readonly number[]>;
  /** Held tasks whose lease or time-out ran out, locked, earliest first. */
  overdue(now: EpochMs, limit: number): Promise<readonly number[]>;
  /** The groups of new tasks, made where they are missing, and their places in the order of arrival. */
  admit(states: readonly TaskState[]): Promise<readonly { readonly seq: number; readonly groupId: number }[]>;
  /** Writes everything; numbers the transitions without gaps, in their order. @returns the last number, or null */
  write(set: WriteSet): Promise<number | null>;
}
