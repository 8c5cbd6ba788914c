import type { IncomingMessage } from 'node:http';

const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/**
 * Under which name a client's address is limited: an IPv4 address by itself, an IPv6 address by its /64, since one
 * customer has all of that. Null for a socket without an address.
 */
export function clientAddress({ socket }: IncomingMessage): string | null {
  const address = socket.remoteAddress;
  if (address === undefined) return null;
  if (!address.includes(':')) return address;
  return MAPPED_IPV4.test(address) ? address.replace(MAPPED_IPV4, '') : prefixOf(address);
}

function prefixOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const whole = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':')];
  return whole.slice(0, 4).join(':') + '::/64';
}
