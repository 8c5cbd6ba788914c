import type { EpochMs } from '../task/epoch-ms';

/**
 * The calendar of cron expressions. Times of day are those of a time zone:
 * - an expression with fixed hours and minutes comes once a day: where clocks are set forward over it, at the first
 *   moment after the gap; where they are set back over it, the first time.
 * - an expression with a wildcard or a step among its hours and minutes follows real time: it skips what does not
 *   exist, and comes again in an hour that is repeated.
 */
export abstract class Recurrence {
  /** Whether this is an expression that can be followed. Never throws. */
  abstract understands(cron: string): boolean;

  /**
   * When the expression comes next.
   * @param after strictly later than this
   * @returns     null when it never comes again, and for what cannot be followed; found in bounded time
   */
  abstract next(cron: string, timeZone: string, after: EpochMs): EpochMs | null;
}
