import type { EpochMs } from '@task/domain';

/** The time of a store that has no clock of its own. */
export abstract class Clock {
  abstract now(): EpochMs;
}
