import type { ServerResponse } from 'node:http';

/**
 * Hangs up on a caller that does not read its answer: what is left of it would be held for ever. Whoever reads at all,
 * however slowly, is left alone, and so is an answer of which everything has left so far, such as a stream.
 * @param stalledMs without a byte of it leaving
 */
export function hangUpWhenStalled(response: ServerResponse, stalledMs: number): void {
  response.on('timeout', () => {
    if ((response.socket?.writableLength ?? 0) > 0) response.destroy();
  });
  // Node notices bytes that leave, also within one large write, which no counter of the socket tells.
  response.setTimeout(stalledMs);
}
