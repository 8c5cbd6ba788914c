import { Clock } from '@task/application';
import type { EpochMs } from '@task/domain';

/** The machine's own time. */
export class SystemClock extends Clock {
  override now(): EpochMs {
    return Date.now();
  }
}
