import { canonicalAddress } from '@task/infrastructure';
import type { NetworkSettings } from '../../src/http/service-core';

/** A network that lets everybody in. */
export const OPEN_NETWORK: NetworkSettings = {
  canonicalAddress,
  allowedAddresses: null,
  trustedProxies: null,
  knownHosts: null,
  requireHttps: false,
  corsOrigins: null,
};
