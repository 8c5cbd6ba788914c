import { setTimeout as pause } from 'node:timers/promises';
import { answersIn } from '../../client/answers';
import { ServiceRefusal, ServiceUnreachable } from '../../client/client-failures';
import type { AskedService } from '../at-service';
import { pathOf, type ApiEvent, type ApiTask } from './api-task';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** How long a service that was there may stay away: long enough for a restart. */
const PATIENCE_MS = 60_000;
/** What a service answers that is about to stop, or has too much to do. */
const COME_BACK: readonly number[] = [502, 503, 504];

/**
 * What happens to a task, from its creation on, each event once; it does not end by itself. A stream that breaks is
 * taken up again behind the last event.
 * @param isOver ends it
 * @throws ServiceRefusal, ServiceUnreachable: at once when it was never reached, later when it stays away
 */
export async function* taskEvents(
  service: AskedService,
  id: string,
  isOver: AbortSignal,
): AsyncGenerator<ApiEvent> {
  const left = new AbortController();
  const signal = AbortSignal.any([isOver, left.signal]);
  const away = new Absence();
  let last: string | null = null;
  try {
    for (;;) {
      try {
        const response = await service.follow(pathOf(id, '/events'), signal, last);
        away.isOver();
        for await (const data of answersIn(response)) {
          const event = JSON.parse(data) as ApiEvent;
          // What tells that older events are gone is no event of the task.
          if (typeof event.type !== 'string') continue;
          last = String(event.id);
          yield event;
        }
      } catch (error) {
        if (isOver.aborted || !away.mayEnd(error)) throw error;
      }
      await pause(away.next(), undefined, { signal: isOver });
    }
  } finally {
    left.abort();
  }
}

/**
 * The task as it is, from a service that was there a moment ago, and may be restarting.
 * @throws ServiceRefusal, ServiceUnreachable when it stays away
 */
export async function taskNow(service: AskedService, id: string, isOver: AbortSignal): Promise<ApiTask> {
  const away = new Absence();
  away.isOver();
  for (;;) {
    try {
      return await service.ask<ApiTask>('GET', pathOf(id), { signal: isOver });
    } catch (error) {
      if (isOver.aborted || !away.mayEnd(error)) throw error;
    }
    await pause(away.next(), undefined, { signal: isOver });
  }
}

/** A service that was there, and is not. */
class Absence {
  private since: number | null = null;
  private tries = 0;
  private wasThere = false;

  isOver(): void {
    this.wasThere = true;
    this.since = null;
    this.tries = 0;
  }

  /** Whether it is worth while to try again. */
  mayEnd(error: unknown): boolean {
    if (!this.wasThere || (error instanceof ServiceRefusal && !COME_BACK.includes(error.status)))
      return false;
    this.since ??= performance.now();
    const isKnown = error instanceof ServiceUnreachable || error instanceof ServiceRefusal || isBroken(error);
    return isKnown && performance.now() - this.since < PATIENCE_MS;
  }

  /** How long to wait before the next try, ms. */
  next(): number {
    this.tries += 1;
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.tries - 1)) * (0.5 + Math.random() / 2);
  }
}

/** A stream whose connection is cut ends with the error of the connection. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
