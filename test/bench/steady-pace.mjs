/**
 * Does something at a steady pace, however long each takes, so that what is slow does not slow down what comes after it.
 * A latency that begins when something was due has in it whatever it waited behind.
 *
 * @template T
 * @param {{ perSecond: number, ms?: number, signal?: AbortSignal }} pace until so much time has passed, or until it is told
 *   to stop
 * @param {(due: number, count: number) => Promise<T>} act is told when it was due, in the time of `performance.now()`
 * @returns {Promise<T[]>} what came of each @throws what one of them throws, and then begins no more
 */
export async function atPace({ perSecond, ms = Infinity, signal }, act) {
  const most = Math.max(1, Math.floor((ms / 1000) * perSecond));
  const failed = new AbortController();
  const begun = performance.now();
  const all = [];
  for (let count = 0; count < most; count += 1) {
    const due = begun + (count * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    if (signal?.aborted || failed.signal.aborted) break;
    const one = act(due, count);
    one.catch(() => failed.abort());
    all.push(one);
  }
  return Promise.all(all);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
