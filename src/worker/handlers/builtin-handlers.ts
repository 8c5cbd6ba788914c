import type { BuiltinTaskType } from '@task/domain';
import { setTimeout as pause } from 'node:timers/promises';
import { TaskFailure, type TaskHandler } from '../runtime/task-handler';

/** What the built-in handlers need of the service that they run in. */
export interface BuiltinParts {
  /** Makes a round trip to the database. */
  readonly ping: () => Promise<void>;
  readonly version: string;
}

const LONGEST_SLEEP_SECONDS = 86_400;
const MOST_STEPS = 100;

/** The handlers that the service brings along. */
export function builtinHandlers(parts: BuiltinParts): Readonly<Record<BuiltinTaskType, TaskHandler>> {
  return { echo, sleep, health_check: healthCheck(parts) };
}

/** Gives back what it was given. */
const echo: TaskHandler = ({ prompt, payload }) => ({ description: prompt, parameters: payload });

/** Takes `seconds`, and tells how far it is. */
const sleep: TaskHandler = async ({ payload }, context) => {
  const { signal } = context;
  const seconds = secondsIn(payload);
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.ceil(seconds)));
  for (let step = 1; step <= steps; step += 1) {
    await pause((seconds * 1000) / steps, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
    context.progress((100 * step) / steps);
  }
  return { slept_seconds: seconds };
};

function secondsIn(payload: unknown): number {
  const { seconds = 1 } = (payload ?? {}) as { readonly seconds?: unknown };
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_SLEEP_SECONDS) return seconds;
  throw new TaskFailure(`seconds must be a number from 0 to ${LONGEST_SLEEP_SECONDS}`, { retryable: false });
}

/** Looks whether the service and its database answer. */
function healthCheck({ ping, version }: BuiltinParts): TaskHandler {
  return async () => {
    const begun = performance.now();
    await ping();
    return {
      healthy: true,
      database: 'connected',
      response_time: Math.round(performance.now() - begun),
      uptime_seconds: Math.round(process.uptime()),
      version,
    };
  };
}
