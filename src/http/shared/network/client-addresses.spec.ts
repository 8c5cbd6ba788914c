import { AddressList } from '@task/infrastructure';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { OPEN_NETWORK } from '../../../../test/support/open-network';
import { ClientAddresses } from './client-addresses';

interface Peer {
  readonly remoteAddress?: string;
  readonly encrypted?: boolean;
}

const requestOf = (socket: Peer, headers: IncomingHttpHeaders = {}): IncomingMessage =>
  ({ socket, headers }) as IncomingMessage;

function behind(...proxies: string[]): ClientAddresses {
  const trustedProxies = proxies.length === 0 ? null : AddressList.of(proxies);
  return new ClientAddresses({ network: { ...OPEN_NETWORK, trustedProxies } });
}

const PROXY = '10.0.0.1';

describe('the client’s address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is that of the peer: %s', (remoteAddress, expected) => {
    expect(behind().of(requestOf({ remoteAddress }))).toBe(expected);
  });

  it('is unknown for a socket without one', () => {
    expect(behind(PROXY).of(requestOf({}, { 'x-forwarded-for': '192.0.2.1' }))).toBeNull();
  });

  it('is not what anybody says who is no trusted proxy', () => {
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect(behind().of(requestOf({ remoteAddress: '203.0.113.9' }, headers))).toBe('203.0.113.9');
    expect(behind(PROXY).of(requestOf({ remoteAddress: '203.0.113.9' }, headers))).toBe('203.0.113.9');
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['1.1.1.1, 192.0.2.1', '192.0.2.1'],
    ['127.0.0.1, 10.0.0.9, 192.0.2.1', '192.0.2.1'],
    ['1.1.1.1, 192.0.2.1, 10.0.0.7', '192.0.2.1'],
    ['192.0.2.1,10.0.0.7 , ::ffff:10.0.0.8', '192.0.2.1'],
    ['10.0.0.7, 10.0.0.8', '10.0.0.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['unknown', PROXY],
    ['192.0.2.1, unknown, 10.0.0.8', '10.0.0.8'],
    ['', PROXY],
  ])('is the first from the end that no trusted proxy has: %s', (forwarded, expected) => {
    const request = requestOf({ remoteAddress: `::ffff:${PROXY}` }, { 'x-forwarded-for': forwarded });
    expect(behind('10.0.0.0/8').of(request)).toBe(expected);
  });
});

describe('whether a client speaks HTTPS', () => {
  it.each<[string, Peer, IncomingHttpHeaders, boolean]>([
    ['with us', { remoteAddress: '192.0.2.1', encrypted: true }, {}, true],
    ['with nobody', { remoteAddress: '192.0.2.1' }, {}, false],
    ['by its own word', { remoteAddress: '192.0.2.1' }, { 'x-forwarded-proto': 'https' }, false],
    ['with a trusted proxy', { remoteAddress: PROXY }, { 'x-forwarded-proto': 'HTTPS' }, true],
    ['not with the proxy', { remoteAddress: PROXY, encrypted: true }, { 'x-forwarded-proto': 'http' }, false],
    ['by a word before the proxy’s', { remoteAddress: PROXY }, { 'x-forwarded-proto': 'https, http' }, false],
    ['with a proxy that is silent', { remoteAddress: PROXY }, {}, false],
  ])('%s', (_how, peer, headers, expected) => {
    expect(behind(PROXY).isSecure(requestOf(peer, headers))).toBe(expected);
  });
});
