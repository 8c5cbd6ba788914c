import { backoffMs } from '@task/domain';
import { SourceAway } from './work-source';

const BASE_MS = 500;
const CAP_MS = 15_000;

/** When to ask a queue again that gave no answer: later each time, never all workers at once, and not before it said. */
export function nextTryMs(error: unknown, failures: number, random: () => number): number {
  const asked = error instanceof SourceAway ? (error.retryAfterMs ?? 0) : 0;
  return asked + backoffMs({ baseMs: BASE_MS, capMs: CAP_MS, random }, failures);
}
