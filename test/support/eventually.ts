import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer is there. @throws when it is not there within `timeoutMs` */
export async function eventually<T>(
  ask: () => Promise<T | null>,
  { timeoutMs = 30_000, pauseMs = 20 }: { readonly timeoutMs?: number; readonly pauseMs?: number } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > end) throw new Error(`nothing came within ${timeoutMs} ms`);
    await delay(pauseMs);
  }
}
