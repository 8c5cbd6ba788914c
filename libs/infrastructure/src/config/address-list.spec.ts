import { AddressList, canonicalAddress } from './address-list';

describe('AddressList', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.0/24', '192.0.2.255'],
    ['0.0.0.0/0', '203.0.113.9'],
    ['2001:db8::/32', '2001:db8:1::9'],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1'],
    ['10.0.0.0/8', '::ffff:10.1.2.3'],
    ['::ffff:10.0.0.0/104', '10.1.2.3'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::/0', '2001:db8::1'],
  ])('%s holds %s', (range, address) => {
    expect(AddressList.of([range]).has(address)).toBe(true);
  });

  it.each([
    ['192.0.2.7', '192.0.2.8'],
    ['192.0.2.0/25', '192.0.2.128'],
    ['::/0', '192.0.2.7'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['127.0.0.0/8', '0x7f.1'],
    ['127.0.0.0/8', '2130706433'],
    ['0.0.0.0/0', 'nonsense'],
    ['0.0.0.0/0', ''],
  ])('%s does not hold %s', (range, address) => {
    const list = AddressList.of([range]);
    expect([list.has(address), list.has(address)]).toEqual([false, false]);
  });

  it.each([
    '1',
    'true',
    '10.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '10.0.0.0/33',
    '2001:db8::/129',
    '::ffff:10.0.0.0/95',
    '10.0.0.0/',
    '10.0.0.0/-1',
    'fe80::1%eth0',
    'proxy.example',
    '',
  ])('takes no %j for a range', (text) => {
    expect(AddressList.isRange(text)).toBe(false);
    expect(() => AddressList.of([text])).toThrow('no address');
  });

  it('is empty when nothing is listed', () => {
    expect(AddressList.of([]).has('127.0.0.1')).toBe(false);
  });
});

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['192.0.2.1:5123', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '127.1',
    '0x7f.0.0.1',
    '1',
    '192.0.2.256',
    '2001:db8::1::',
    'a b',
    '[::1',
  ])('finds no address in %j', (text) => {
    expect(canonicalAddress(text)).toBeNull();
  });
});
