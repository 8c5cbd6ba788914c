import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address';

const from = (remoteAddress: string | undefined): string | null =>
  clientAddress({ socket: { remoteAddress } } as IncomingMessage);

describe('clientAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1:2:3:4', 'fe80:0:0:0::/64'],
  ])('names %s %s', (address, name) => {
    expect(from(address)).toBe(name);
  });

  it('has no name for a socket without an address', () => {
    expect(from(undefined)).toBeNull();
  });
});
