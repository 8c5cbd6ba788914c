import { Clock } from '@task/application';
import type { EpochMs } from '@task/domain';
import { NOW } from './builders';

/** A clock that stands still until it is told. */
export class FixedClock extends Clock {
  constructor(private time: EpochMs = NOW) {
    super();
  }

  override now(): EpochMs {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}
