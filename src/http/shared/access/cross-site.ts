import type { IncomingMessage } from 'node:http';

/** Sent for a page of the service itself, or for somebody who typed the address. */
const OWN_SITES = new Set<unknown>(['same-origin', 'none']);

/**
 * Whether a browser sent this request for a page of another origin. Another port is another origin of the same site,
 * and a page there can send a GET without an `Origin`.
 */
export function isCrossSite({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined) return site !== undefined && !OWN_SITES.has(site);
  return site === 'cross-site' || hostOf(origin) !== host?.toLowerCase();
}

/** The host and port of an origin; '' for `null`, which is what sandboxed pages send. */
function hostOf(origin: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/]+)$/.exec(origin.toLowerCase())?.[1] ?? '';
}
