import type { Decision, EpochMs, Schedule, Task } from '@task/domain';
import type { Cancellation, IdempotencyKey } from '../call';

/** What became of a schedule that was looked at, and the new tasks that it has made. */
export interface ScheduleRun {
  /** The same object when nothing has to be kept. */
  readonly schedule: Schedule;
  readonly tasks: readonly Decision[];
}

/**
 * Decides about a schedule at the store's time; pure, and perhaps called again when the transaction has to be repeated.
 * @param waiting how many tasks wait already
 */
export type DecideRun = (schedule: Schedule, now: EpochMs, waiting: number) => ScheduleRun;

/** What became of the wish for a schedule. */
export interface StoredSchedule {
  readonly schedule: Schedule;
  /** Whether it was made earlier, under the same idempotency key. */
  readonly isReplay: boolean;
}

/** A page of schedules. */
export interface SchedulePage {
  readonly schedules: readonly Schedule[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * Where schedules live, beside the tasks that they make. A schedule moves on in the transaction that stores its task, or
 * neither happens: an occurrence makes its task once, on however many instances it is looked at.
 * @throws StoreUnavailable from every method
 */
export abstract class ScheduleStore {
  /** Stores what is decided. @throws ScheduleNameTaken, IdempotencyKeyReused, whatever `decide` throws */
  abstract create(decide: (now: EpochMs) => Schedule, key?: IdempotencyKey): Promise<StoredSchedule>;

  /**
   * Loads a schedule, lets the domain decide, and stores what it decided.
   * @throws ScheduleNotFound, ScheduleNameTaken, whatever `decide` throws
   */
  abstract change(id: string, decide: (schedule: Schedule, now: EpochMs) => Schedule): Promise<Schedule>;

  /** Takes a schedule away; its tasks stay. @returns what it was, or null when there is none */
  abstract remove(id: string): Promise<Schedule | null>;

  /**
   * Lets one schedule run, whenever it would come by itself.
   * @returns its new tasks
   * @throws ScheduleNotFound, IdempotencyKeyReused, whatever `decide` throws
   */
  abstract run(
    id: string,
    decide: DecideRun,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]>;

  /**
   * Looks at schedules whose next occurrence is due, the earliest first, and stores what is decided about each.
   * @param limit at most this many
   * @returns how many were moved on
   * Safe to run on every instance at once.
   */
  abstract runDue(limit: number, decide: DecideRun): Promise<number>;

  /** The schedule with this id, or null; text that is no UUID names none. */
  abstract find(id: string): Promise<Schedule | null>;

  /** A page of schedules, in the order of their names. @param limit from 1 */
  abstract list(limit: number, offset: number): Promise<SchedulePage>;
}
