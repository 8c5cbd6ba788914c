import type {
  Decide,
  DecideDependent,
  Decision,
  EpochMs,
  JsonDocument,
  Task,
  TaskStatus,
  Transition,
} from '@task/domain';
import type { Cancellation, IdempotencyKey } from '../call';
import type { Position, TaskFilter, TaskSort } from '../tasks/task-query';

/** Which waiting tasks a worker takes; empty takes any. */
export interface ClaimFilter {
  /** A normalised directory, and whether those below it count. */
  readonly directory?: { readonly path: string; readonly recursive: boolean };
  /** Any of these types. */
  readonly taskTypes?: readonly string[];
  readonly kbId?: string;
}

/** A page of a list, as asked for. Either `after` or `offset` says where it begins. */
export interface TaskPageRequest {
  readonly filter: TaskFilter;
  readonly sort: TaskSort;
  /** 0–1000; 0 only counts. */
  readonly limit: number;
  readonly offset: number;
  /** Begins behind this position: costs no more for later pages. */
  readonly after: Position | null;
}

/** A page of a list. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Tasks that match; where no counter holds it, counted up to 10 000. */
  readonly total: number;
  /** Whether counting stopped at 10 000. */
  readonly totalCapped: boolean;
  /** Where the next page begins; null on the last one. */
  readonly next: Position | null;
}

/** A row of the event log. */
export interface HistoryEntry extends Omit<Transition, 'kind'> {
  /** Without gaps, in commit order, over all tasks. */
  readonly eventId: number;
  readonly taskId: string;
}

/** A task that another one depends on. */
export interface Dependency {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** Null when it has none, and when it is left out. */
  readonly result: JsonDocument | null;
  /** Bytes of its result as JSON, left out or not; 0 when it has none. */
  readonly resultBytes: number;
  /** Whether it has counted for the task that depends on it. */
  readonly isSettled: boolean;
}

/** A task that depends on another one. */
export interface Dependent {
  /** Its order of arrival, by which pages go on. */
  readonly place: number;
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly isSettled: boolean;
}

/** How many tasks are in each status. */
export type StatusCounts = Readonly<Record<TaskStatus, number>>;

/**
 * Decides about new tasks at the store's time.
 * @param waiting how many tasks wait already
 * @param find    a stored task that the new ones depend on; undefined when there is none with this id
 */
export type DecideNew = (
  now: EpochMs,
  waiting: number,
  find: (id: string) => Task | undefined,
) => readonly Decision[];

/**
 * Where tasks live. It loads, lets the domain decide, and stores what was decided together with its effects, or
 * nothing; every promise settles after the commit is on disk, refusals included.
 *
 * A write that carries an idempotency key is remembered in its own transaction, refusals of the task's state included:
 * the same key gets the first outcome again for 24 hours, a claim's key for as long as that lease lives.
 * @throws IdempotencyKeyReused when the key came with another fingerprint
 *
 * `Decide` functions are called inside a transaction, one after the other, and possibly again when the transaction
 * has to be repeated. What they throw reaches the caller unchanged.
 * @throws StoreUnavailable from every method: the outcome of a write is then unknown, unless it says otherwise
 */
export abstract class TaskStore {
  /**
   * Stores new tasks, all or none, in the order given, which is their order of arrival.
   * @param dependsOn ids of the stored tasks that any of them depends on; `decide` can find those and no others
   * @param count     how many tasks they are at most: what else is stored with them depends on it, and nothing else does
   */
  abstract insert(
    decide: DecideNew,
    signal: Cancellation,
    key?: IdempotencyKey,
    dependsOn?: readonly string[],
    count?: number,
  ): Promise<readonly Task[]>;

  /**
   * Loads one task, lets the domain decide, and stores what it decided.
   * @param id any text; what is no UUID names no task
   * @returns the task as it is now
   * @throws TaskNotFound
   */
  abstract update(id: string, decide: Decide, signal: Cancellation, key?: IdempotencyKey): Promise<Task>;

  /**
   * Hands out the most urgent claimable tasks, each to one caller only: priority high to low, then arrival.
   * @param limit at most this many, from 1
   * @returns what `decide` made of them; empty when none is claimable
   */
  abstract claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]>;

  /**
   * Looks at tasks whose lease or time-out ran out, oldest first, and stores what the domain decides about each. What
   * a holder wrote before the commit counts: its task is left alone.
   * @param limit at most this many
   * @returns how many were taken from their workers
   * Safe to run on every instance at once.
   */
  abstract lapse(limit: number, decide: Decide): Promise<number>;

  /**
   * Tells the dependents of tasks that ended how they did, and stores what the domain decides about each. What one
   * step leaves over, the next one finds, also after a crash. Safe to run on every instance at once.
   * @param limit dependents that are told in this step at most
   * @returns how many ended tasks somebody was told of; 0 when nothing is left that could be told now
   */
  abstract tellDependents(limit: number, decide: DecideDependent): Promise<number>;

  /**
   * What these tasks depend on, in order of arrival.
   * @param ids         of tasks; what is no UUID, or names none, is left out
   * @param resultBytes what the results read for one task may come to: one that is more by itself is left out, and so
   * are those with which, in order of arrival, it would become more
   */
  abstract dependenciesOf(
    ids: readonly string[],
    resultBytes: number,
  ): Promise<ReadonlyMap<string, readonly Dependency[]>>;

  /** A page of the tasks that depend on one, in order of arrival. @param after the place of the last one seen, or 0 */
  abstract dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]>;

  /**
   * Moves the ends of leases after the store's clock was set, so that what is left of each stays what it was. Does
   * nothing where the database's own clock counts.
   * @param byMs     how far the clock was moved, forward if positive
   * @param now      the store's time after it
   * @param withinMs how long ago it was moved at most: what was claimed or renewed since then is right already
   */
  abstract shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void>;

  /**
   * Forgets outcomes kept under idempotency keys whose day is over, and counts in more detail than statistics look back
   * to.
   * @param limit at most so many outcomes
   * @returns how many were forgotten
   */
  abstract forgetOutcomes(limit: number): Promise<number>;

  /** The task with this id, or null; text that is no UUID names none. */
  abstract find(id: string): Promise<Task | null>;

  /** A page of tasks. The sort is total: ties go by arrival. */
  abstract list(request: TaskPageRequest): Promise<TaskPage>;

  /** The transitions of a task, oldest first, or null when there is no such task. */
  abstract history(id: string): Promise<readonly HistoryEntry[] | null>;

  /** When the next scheduled task is due, or null when none is scheduled. */
  abstract nextDueAt(): Promise<EpochMs | null>;

  /** How many ready tasks are claimed before this one, plus one; 0 when it cannot be claimed now, or is none. */
  abstract placeInLine(id: string): Promise<number>;

  /** How many tasks are in each status, from counters: cheap at any size. */
  abstract countByStatus(): Promise<StatusCounts>;

  /** Makes a round trip to the database. */
  abstract ping(): Promise<void>;
}
