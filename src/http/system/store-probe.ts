import { Injectable } from '@nestjs/common';
import { TaskStore, type StatusCounts } from '@task/application';

/** Longer than a database that works takes, shorter than a probe waits. */
const MOST_PROBE_MS = 3_000;

/** What the store said when it was asked. */
export interface StoreAnswer {
  /** Milliseconds, with a tenth. */
  readonly responseTimeMs: number;
  /** Null when it gave no answer. */
  readonly counts: StatusCounts | null;
}

/** Asks the store whether it is there. */
@Injectable()
export class StoreProbe {
  constructor(private readonly tasks: TaskStore) {}

  /** Whether the store answers in time. */
  async isThere(): Promise<boolean> {
    return (await inTime(this.tasks.ping().then(() => true))) ?? false;
  }

  /** A round trip, timed, and how many tasks there are. */
  async ask(): Promise<StoreAnswer> {
    const started = performance.now();
    const isThere = await this.isThere();
    const responseTimeMs = Math.round((performance.now() - started) * 10) / 10;
    return { responseTimeMs, counts: isThere ? await inTime(this.tasks.countByStatus()) : null };
  }
}

/** What was promised, or null when it fails or does not come in time. */
async function inTime<Value>(promise: Promise<Value>): Promise<Value | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), MOST_PROBE_MS);
  try {
    return await Promise.race([promise.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
