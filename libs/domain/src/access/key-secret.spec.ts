import { crc32 } from 'node:zlib';
import { isMistypedKey, KEY_BYTES, keySecretOf } from './key-secret';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const bytes = (fill: (index: number) => number): Uint8Array =>
  Uint8Array.from({ length: KEY_BYTES }, (_, i) => fill(i));
const numberIn = (digits: string): bigint =>
  [...digits].reduce((sum, digit) => sum * 62n + BigInt(ALPHABET.indexOf(digit)), 0n);

describe('the text of a key', () => {
  const KEYS: readonly (readonly [string, Uint8Array])[] = [
    ['zeros', bytes(() => 0)],
    ['ones', bytes(() => 255)],
    ['multiples', bytes((index) => index * 7)],
    ['descending', bytes((index) => 255 - index)],
  ];

  it.each(KEYS)('is one word of a form that a scanner can look for (%s)', (_, random) => {
    expect(keySecretOf(random)).toMatch(/^to_[0-9A-Za-z]{49}$/);
  });

  it.each(KEYS)('holds every bit of the random number (%s)', (_, random) => {
    const expected = BigInt(`0x${Buffer.from(random).toString('hex')}`);
    expect(numberIn(keySecretOf(random).slice(3, 46))).toBe(expected);
  });

  it.each(KEYS)('ends with the CRC-32 that everybody else computes (%s)', (_, random) => {
    const key = keySecretOf(random);
    expect(numberIn(key.slice(46))).toBe(BigInt(crc32(key.slice(3, 46))));
    expect(isMistypedKey(key)).toBe(false);
  });

  it('gives away every mistyped letter and every two that were swapped', () => {
    const key = keySecretOf(bytes((index) => index * 11 + 3));
    for (let place = 3; place < key.length; place += 1) {
      const other = key[place] === 'x' ? 'y' : 'x';
      expect(isMistypedKey(key.slice(0, place) + other + key.slice(place + 1))).toBe(true);
      const [left = '', right = ''] = key.slice(place, place + 2);
      if (right !== '' && left !== right)
        expect(isMistypedKey(key.slice(0, place) + right + left + key.slice(place + 2))).toBe(true);
    }
  });

  it.each(['', 'to_', 'secret', `to_${'a'.repeat(43)}`, `to_${'a'.repeat(50)}`, `to_${'-'.repeat(49)}`])(
    'says nothing about %j, which has another form',
    (text) => {
      expect(isMistypedKey(text)).toBe(false);
    },
  );
});
