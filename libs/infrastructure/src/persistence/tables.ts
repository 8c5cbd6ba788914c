import type { ClaimFilter, Commit } from '@task/application';
import type { DependencyPolicy, EpochMs, KeyLoad, TaskState } from '@task/domain';
import type { ArchiveTables } from './archive/archive-tables';
import type { KeptOutcome, KeyUpkeep, ScheduleTables } from './commands';
import type { RollUps } from './roll-up-rows';
import type { Change, LoggedTransition, Place, StoredTask } from './stored-task';

/** What a group of commands has to write, all in one transaction. */
export interface WriteSet {
  /** Replace what was kept under the same keys. */
  readonly outcomes: readonly KeptOutcome[];
  readonly changes: readonly Change[];
  readonly transitions: readonly LoggedTransition[];
  readonly rollUps: RollUps;
  readonly dependencies: DependencyWrites;
}

/** A task and one that it depends on. */
export interface Edge {
  readonly seq: number;
  readonly onSeq: number;
}

/** An edge of a new task. */
export interface NewEdge extends Edge {
  readonly onFailure: DependencyPolicy;
  /** Whether the dependency had counted already when the task was made. */
  readonly isSettled: boolean;
}

/** What a group of commands changes between tasks that depend on each other. */
export interface DependencyWrites {
  readonly added: readonly NewEdge[];
  /** Edges whose dependency has counted now. */
  readonly settled: readonly Edge[];
  /** Awaited tasks that ended: their dependents have to be told. */
  readonly ended: readonly number[];
  /** Such tasks that have no dependent left to be told, under these policies. */
  readonly told: readonly { readonly seq: number; readonly policies: readonly DependencyPolicy[] }[];
}

/** A group without a word about dependencies. */
export const NO_DEPENDENCIES: DependencyWrites = { added: [], settled: [], ended: [], told: [] };

/** A concurrency key and how many of its tasks stand where. */
export interface StoredKey extends KeyLoad {
  readonly id: number;
}

/**
 * The statements of one database, in bulk: how many there are does not grow with the commands of a group, only with the
 * concurrency keys that it touches and the ended tasks whose dependents it tells. Between `begin` and `commit` or
 * `rollback` only one group uses them.
 */
export interface Tables extends ScheduleTables, KeyUpkeep {
  /** What ended long ago, and the way there. */
  readonly archive: ArchiveTables;
  /** Whether others claim from the same tables at the same time: they pass over what is locked here. */
  readonly isShared: boolean;
  begin(): Promise<void>;
  /**
   * Tells other instances what was changed, where there can be some.
   * Rejects with the database's error when the outcome may be unknown.
   */
  commit(commit: Commit): Promise<void>;
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

  /** The groups and keys of new tasks, made where they are missing, and their places in the order of arrival. */
  admit(states: readonly TaskState[]): Promise<readonly Place[]>;
  /** Awaited tasks that ended, and whose dependents are not all told: the longest ended first. */
  ended(limit: number): Promise<readonly number[]>;
  /** Dependents under these policies that have not been told how this task ended, locked, in order of arrival. */
  dependents(onSeq: number, policies: readonly DependencyPolicy[], limit: number): Promise<readonly number[]>;
  /** Keys as this transaction sees them. */
  keyLoads(ids: readonly number[]): Promise<readonly StoredKey[]>;
  /** Held tasks of a key, locked, most urgent first. */
  heldOf(keyId: number, limit: number): Promise<readonly number[]>;
  /** Ready tasks of a key, locked, least urgent first. */
  readyOf(keyId: number, limit: number): Promise<readonly number[]>;
  /** Writes everything; numbers the transitions without gaps, in their order. @returns the last number, or null */
  write(set: WriteSet): Promise<number | null>;
}
