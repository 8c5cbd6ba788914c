/** What every key begins with: tells people and secret scanners what it is. */
export const KEY_PREFIX = 'to_';

/** Random bytes of a key: 256 bits. */
export const KEY_BYTES = 32;

/** Letters and digits only: a key is one word for editors, shells, URLs and secret scanners. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is just over 2^256, and 62^6 over 2^32. */
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${KEY_PREFIX}([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/**
 * The text of a key: `to_`, then 256 random bits in 43 letters and digits, then the CRC-32 of those in 6 more. A secret
 * scanner tells a key from other words by that sum, without asking anybody.
 * @param random {@link KEY_BYTES} bytes
 */
export function keySecretOf(random: Uint8Array): string {
  const number = random.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const word = base62(number, RANDOM_LENGTH);
  return KEY_PREFIX + word + checksumOf(word);
}

/** Whether a text has the form of a key but another sum: mistyped, cut off and mended, or made up. */
export function isMistypedKey(text: string): boolean {
  const [, word, sum] = FORM.exec(text) ?? [];
  return word !== undefined && sum !== checksumOf(word);
}

function checksumOf(word: string): string {
  return base62(BigInt(crc32(word)), CHECKSUM_LENGTH);
}

function base62(number: bigint, length: number): string {
  let rest = number;
  let digits = '';
  for (let count = 0; count < length; count += 1) {
    digits = (ALPHABET[Number(rest % 62n)] ?? '') + digits;
    rest /= 62n;
  }
  return digits;
}

/** CRC-32 as in ISO 3309 and zip, over ASCII. */
function crc32(word: string): number {
  let sum = 0xffffffff;
  for (let index = 0; index < word.length; index += 1) {
    sum ^= word.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
