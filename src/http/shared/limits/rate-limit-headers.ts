import type { ServerResponse } from 'node:http';
import type { RateLimits } from '../../service-core';
import type { Allowance } from './allowance';

/** Tells a caller its minute's bucket: null for one that is not limited. */
export function showAllowance(
  response: ServerResponse,
  allowance: Allowance | null,
  limits: RateLimits,
): void {
  const { requestsPerMinute } = limits;
  if (requestsPerMinute === 0 || response.headersSent) return;
  const remaining = allowance?.remaining ?? requestsPerMinute;
  response.setHeader('X-RateLimit-Limit', requestsPerMinute);
  response.setHeader('X-RateLimit-Remaining', remaining);
  response.setHeader('X-RateLimit-Reset', secondAt(Date.now() + (allowance?.fullInMs ?? 0)));
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
