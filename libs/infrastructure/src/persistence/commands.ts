import type { ArchiveStep, Cancellation, ClaimFilter, DecideNew, IdempotencyKey } from '@task/application';
import type { Decide, DecideDependent, Decision, EpochMs, Retention, Task } from '@task/domain';
import type { Topic } from './postgres/instances/bulletin';
import type { ScheduleRow } from './schedule-row';

/** A new task or several, all or none. */
export interface InsertCommand {
  readonly kind: 'insert';
  readonly decide: DecideNew;
  readonly key?: IdempotencyKey | undefined;
  /** Ids of stored tasks that the new ones depend on. */
  readonly dependsOn: readonly string[];
  /** How many tasks they are at most. */
  readonly count: number;
}

/** A write to one task that is there. */
export interface UpdateCommand {
  readonly kind: 'update';
  readonly id: string;
  readonly decide: Decide;
  readonly key?: IdempotencyKey | undefined;
}

/** A worker's wish for work. */
export interface ClaimCommand {
  readonly kind: 'claim';
  readonly filter: ClaimFilter;
  readonly limit: number;
  readonly decide: Decide;
  readonly key?: IdempotencyKey | undefined;
}

/** Looks at tasks whose lease or time-out ran out. */
export interface LapseCommand {
  readonly kind: 'lapse';
  readonly limit: number;
  readonly decide: Decide;
}

/** Tells dependents of tasks that ended how they did. */
export interface TellCommand {
  readonly kind: 'tell';
  /** Dependents that are told in this step at most. */
  readonly limit: number;
  readonly decide: DecideDependent;
}

/** A worker's sign of life, beside any task. */
export interface SeeCommand {
  readonly kind: 'see';
  readonly workerId: string;
}

/** A write that decides about no task: the clock was set, kept outcomes are over, a key is made. */
export interface UpkeepCommand {
  readonly kind: 'upkeep';
  readonly run: (tables: Upkeep, now: EpochMs) => Promise<unknown>;
}

/** Moves what ended long ago out of the way of everything else. */
export interface ArchiveCommand {
  readonly kind: 'archive';
  readonly retention: Retention;
  /** The event up to which was looked already. */
  readonly after: number;
  /** Events to look at. */
  readonly limit: number;
  /** Called once for each time that the group is run; what counts is what was told before the commit. */
  readonly report: (step: ArchiveStep) => void;
}

/**
 * Looks at concurrency keys, or at counters that all instances share, behind everything else of the group: whoever holds
 * their locks waits for nobody.
 */
export interface KeysCommand {
  readonly kind: 'keys';
  /** @returns the numbers of the keys whose tasks have to be looked at */
  readonly run: (tables: KeyUpkeep) => Promise<readonly number[]>;
}

/**
 * A write to schedules, and the tasks that they make with it. Behind everything that has to wait for tasks, so that
 * instances which wait for each other's schedules hold nothing that the other waits for.
 */
export interface ScheduleCommand {
  readonly kind: 'schedule';
  /** The schedule that it is about, '' for a new one; null for whichever are due. */
  readonly id: string | null;
  readonly key?: IdempotencyKey | undefined;
  /** @returns decisions about new tasks; a refusal is thrown, and keeps what was written before it */
  readonly run: (
    tables: ScheduleTables,
    at: { readonly now: EpochMs; readonly waiting: number },
  ) => Promise<readonly Decision[]>;
}

/** What can be done to schedules within the transaction of a group. */
export interface ScheduleTables extends Upkeep {
  /** Schedules that are due, locked, the earliest first; without those that another instance has locked. */
  dueSchedules(now: EpochMs, limit: number): Promise<readonly ScheduleRow[]>;
}

/** What can be done to keys within the transaction of a group. */
export interface KeyUpkeep {
  /** Gives a concurrency key its limit, and makes the key where it is missing. @returns the key's number */
  limitKey(name: string, limit: number): Promise<number>;
  /** Keys that have a free slot and held tasks beside it, which a crash or a lock can leave behind. */
  strandedKeys(limit: number): Promise<readonly number[]>;
  /** Forgets a bounded piece of the blocks of the line that nobody stands in. */
  forgetBlocks(): Promise<unknown>;
}
/** An outcome kept under an idempotency key. */
export interface KeptOutcome {
  readonly key: string;
  readonly fingerprint: string;
  /** JSON of a `KeptAnswer`. */
  readonly outcome: string;
  readonly expiresAt: EpochMs;
}

/** A parameter of a statement. */
export type SqlValue = string | number | null;

/** What upkeep can do within the transaction of its group. */
export interface Upkeep {
  /** Moves the ends of the leases that were claimed or renewed before the clock was set. */
  shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void>;
  /** Forgets outcomes whose day is over. @returns how many */
  forgetOutcomes(now: EpochMs, limit: number): Promise<number>;
  /** What is kept under these keys and not over yet. */
  recall(keys: readonly string[], now: EpochMs): Promise<readonly KeptOutcome[]>;
  /** Keeps outcomes; they replace what was kept under the same keys. */
  keep(outcomes: readonly KeptOutcome[]): Promise<void>;
  /** Tells other instances with the commit that something beside tasks has changed. */
  announce(topic: Topic): void;
  /**
   * Runs a statement with `?` for its parameters, in words that both databases take.
   * @param name of the statement: the same one stands for the same text always
   * @returns its rows; none of a statement that returns nothing
   */
  query<Row extends object>(name: string, sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
}

export type Command =
  | InsertCommand
  | UpdateCommand
  | ClaimCommand
  | LapseCommand
  | TellCommand
  | KeysCommand
  | ScheduleCommand
  | SeeCommand
  | UpkeepCommand
  | ArchiveCommand;

/** Tasks that a command may write. */
export function weightOf(command: Command): number {
  if (command.kind === 'insert') return command.count;
  return 'limit' in command ? command.limit : 1;
}

/** What became of a command, known once its group is committed. */
export type Outcome =
  { readonly ok: true; readonly tasks: readonly Task[] } | { readonly ok: false; readonly error: unknown };

/** A command in the lane, with the promise that waits for it. */
export interface Submitted {
  readonly command: Command;
  readonly signal: Cancellation;
  /** When it gave up waiting, on the monotonic clock, ms. */
  readonly deadline: number;
  readonly settle: (outcome: Outcome) => void;
}
