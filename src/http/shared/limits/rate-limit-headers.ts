import type { ServerResponse } from 'node:http';

/** What a caller is told of its minute's bucket. */
export interface ShownAllowance {
  /** Requests of a minute; 0 for no limit. */
  readonly limit: number;
  readonly remaining: number;
  readonly fullInMs: number;
}

/** Tells a caller its minute's bucket, where it is limited. */
export function showAllowance(
  response: ServerResponse,
  { limit, remaining, fullInMs }: ShownAllowance,
): void {
  if (limit === 0 || response.headersSent) return;
  response.setHeader('X-RateLimit-Limit', limit);
  response.setHeader('X-RateLimit-Remaining', remaining);
  response.setHeader('X-RateLimit-Reset', secondAt(Date.now() + fullInMs));
}

let lastSecond = NaN;
let lastText = '';

/** The next whole second in ISO 8601. Most requests of a second share it, and formatting costs more than comparing. */
function secondAt(epochMs: number): string {
  const second = Math.ceil(epochMs / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
  }
  return lastText;
}
