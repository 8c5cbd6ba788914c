/** Under which name an address is limited: an IPv4 address by itself, an IPv6 address by its /64, of which one customer has all. */
export function limitedName(address: string): string {
  return address.includes(':') ? prefixOf(address) : address;
}

function prefixOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const whole = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':')];
  return whole.slice(0, 4).join(':') + '::/64';
}
