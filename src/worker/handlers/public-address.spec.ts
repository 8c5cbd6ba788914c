import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, PrivateAddress, publicLookup, requirePublicHost } from './public-address';

describe('the public internet', () => {
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
    'has %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::7f00:1',
    '::10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fec0::1',
    '4000::1',
    'no address',
  ])('does not have %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://127.1/',
    'http://[::1]/',
  ])('does not have the host of %s, however it is spelled', (url) => {
    expect(() => requirePublicHost(new URL(url).hostname)).toThrow(PrivateAddress);
  });

  it('has no name that leads to this machine', async () => {
    const found = new Promise((resolve, reject) =>
      publicLookup()('localhost', {}, (error, address) =>
        error === null ? resolve(address) : reject(error),
      ),
    );
    await expect(found).rejects.toThrow(PrivateAddress);
  });

  describe('has a name only with all its addresses', () => {
    const own = { address: '10.0.0.1', family: 4 };
    const others = { address: '93.184.216.34', family: 4 };
    /** A name that leads elsewhere each time that it is looked up. */
    const rebinding = (...answers: LookupAddress[][]): LookupFunction =>
      publicLookup((_host, _options, callback) => callback(null, answers.shift() ?? [own]));
    const lookUp = (lookup: LookupFunction): Promise<unknown> =>
      new Promise((resolve, reject) =>
        lookup('example.com', { all: true }, (error, found) =>
          error === null ? resolve(found) : reject(error),
        ),
      );

    it('and is connected to what was looked at, not to what it says next', async () => {
      const lookup = rebinding([others], [own]);
      expect(await lookUp(lookup)).toEqual([others]);
      await expect(lookUp(lookup)).rejects.toThrow(PrivateAddress);
    });

    it.each([[[others, own]], [[own, others]], [[]]])('and not with %j', async (found) => {
      await expect(lookUp(rebinding(found))).rejects.toThrow(PrivateAddress);
    });
  });
});
