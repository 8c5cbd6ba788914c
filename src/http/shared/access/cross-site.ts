import type { IncomingMessage } from 'node:http';

/** Whether a browser sent this request for a page of another site. */
export function isCrossSite({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  return origin !== undefined && hostOf(origin) !== host?.toLowerCase();
}

/** The host and port of an origin; '' for `null`, which is what sandboxed pages send. */
function hostOf(origin: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1] ?? '';
}
