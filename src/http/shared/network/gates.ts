import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { CallerFinder } from '../access/caller-finder';
import { Refusal } from '../failures/refusal';
import { ClientAddresses } from './client-addresses';

/** Headers that a request may have; their bytes are limited by the parser. */
export const MAX_HEADERS = 100;

/**
 * The probes of Kubernetes, which come from wherever its nodes are, under whatever name, without TLS. They tell whether
 * the process lives and nothing more, so that these two alone pass by the gates; `/health`, which tells figures, does not.
 */
const PROBES = /^\/health\/(?:live|ready)\/?(?:\?|$)/i;

/** Refuses requests for how they come here, before anything is asked of them. */
@Injectable()
export class Gates {
  constructor(
    private readonly callers: CallerFinder,
    private readonly addresses: ClientAddresses,
    @Inject(HTTP_SETTINGS) private readonly settings: Pick<HttpSettings, 'network'>,
  ) {}

  /** @throws Refusal */
  pass(request: IncomingMessage, address: string | null): void {
    requireShape(request);
    if (this.callers.isLocal(request) || PROBES.test(request.url ?? '')) return;
    const { knownHosts, allowedAddresses, requireHttps } = this.settings.network;
    if (knownHosts !== null && !knownHosts.has(hostNameOf(request)))
      throw new Refusal('unknown_host', { reason: 'unknown_host' });
    if (allowedAddresses !== null && (address === null || !allowedAddresses.has(address)))
      throw new Refusal('address_refused', { reason: 'address_not_allowed' });
    if (requireHttps && !this.addresses.isSecure(request))
      throw new Refusal('https_required', { reason: 'https_required' });
  }
}

function requireShape({ rawHeaders, httpVersion }: IncomingMessage): void {
  if (rawHeaders.length > MAX_HEADERS * 2)
    throw new Refusal('headers_too_large', { max_headers: MAX_HEADERS }, { Connection: 'close' });
  const hosts = countHosts(rawHeaders);
  if (hosts === 0 && httpVersion === '1.1')
    throw new Refusal('malformed_message', { reason: 'no_host' }, { Connection: 'close' });
  // Node takes the first; a proxy in front may have looked at another.
  if (hosts > 1) throw new Refusal('malformed_message', { reason: 'several_hosts' }, { Connection: 'close' });
}

/** @param rawHeaders names and values in turn */
function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host',
  ).length;
}

/** The name in `Host`, without its port, through which no page can be led astray. */
function hostNameOf({ headers: { host = '' } }: IncomingMessage): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}
