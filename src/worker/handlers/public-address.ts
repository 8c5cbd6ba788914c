import { lookup as resolveName, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address that the operator has not opened to handlers. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';

  constructor(host: string) {
    super(`${host} is not an address of the public internet; allow_private = true would permit it`);
  }
}

/** All that is handed out of IPv6; the rest are addresses of IPv4 in disguise, of the own network, or nobody's. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address, in any of its spellings, belongs to somebody out there: not to this machine or its network. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of IPv6 is still that address.
  const found = ipaddr.process(address);
  if (found.range() !== 'unicast') return false;
  return found.kind() === 'ipv4' || (found as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

/**
 * Refuses a host that is itself an address of the own network: such a one is never looked up.
 * @param host of a URL, which has turned spellings such as `0x7f.1` into plain addresses
 * @throws PrivateAddress
 */
export function requirePublicHost(host: string): void {
  const address = host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address) && !isPublicAddress(address)) throw new PrivateAddress(host);
}

/** Finds all addresses of a name. */
type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * Looks a name up, and lets nothing through when any of its addresses is of the own network. The connection goes to
 * what was checked here: a name that changes its mind afterwards changes nothing.
 */
export function publicLookup(resolve: Resolve = resolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const [first] = found;
      if (first === undefined || !found.every(({ address }) => isPublicAddress(address)))
        callback(new PrivateAddress(host), []);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
