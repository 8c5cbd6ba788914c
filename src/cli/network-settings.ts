import {
  AddressList,
  canonicalAddress,
  endpointLimitsOf,
  isLoopback,
  type Settings,
} from '@task/infrastructure';
import type { NetworkSettings, RateLimits } from '../http/service-core';

/** Names under which a browser on this machine knows it. No page of anybody else has one of them. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** What the settings say about who may reach the service: what is live is read at every use. */
export function networkSettingsOf(settings: Settings): NetworkSettings {
  const allowed = lastOf(addressesIn);
  const proxies = lastOf(addressesIn);
  return {
    canonicalAddress,
    get allowedAddresses() {
      return allowed(settings.ipAllowlist);
    },
    get trustedProxies() {
      return proxies(settings.trustProxy);
    },
    get corsOrigins() {
      return settings.enableCors ? settings.corsOrigins : null;
    },
    knownHosts: knownHostsOf(settings),
    requireHttps: settings.requireHttps,
  };
}

/** What the settings say about how often callers may ask, read at every use. */
export function rateLimitsOf(settings: Settings): RateLimits {
  const endpoints = lastOf(endpointLimitsOf);
  return {
    get requestsPerMinute() {
      return settings.rateLimitRequestsPerMinute;
    },
    get burstSize() {
      return settings.rateLimitBurstSize;
    },
    get endpoints() {
      return endpoints(settings.rateLimitEndpoints);
    },
  };
}

function addressesIn(texts: readonly string[]): AddressList | null {
  return texts.length === 0 ? null : AddressList.of(texts);
}

function knownHostsOf({ serverHost, allowedHosts }: Settings): ReadonlySet<string> | null {
  if (!isLoopback(serverHost) && allowedHosts.length === 0) return null;
  return new Set([...OWN_NAMES, serverHost, ...allowedHosts].map((name) => name.toLowerCase()));
}

/** Remembers what was made of a list, until there is another list. */
function lastOf<Made>(make: (texts: readonly string[]) => Made): (texts: readonly string[]) => Made {
  let last: { readonly texts: readonly string[]; readonly made: Made } | null = null;
  return (texts) => {
    if (last?.texts !== texts) last = { texts, made: make(texts) };
    return last.made;
  };
}
