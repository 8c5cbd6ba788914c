import { promptSimilarity } from '@task/domain';
import fc from 'fast-check';

const texts = fc.string({ unit: 'grapheme', maxLength: 60 });
/** Few letters: texts that share something. */
const alike = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '代', '😀', ' '), maxLength: 12 });
const pairs = fc.oneof(fc.tuple(texts, texts), fc.tuple(alike, alike));
const printableAscii = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });

/** The same text as a Japanese keyboard writes it. */
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** The definition, word for word: shared pairs, each as often as both have it, by all pairs. */
function dice(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => {
    const letters = [...text.normalize('NFKC').toLowerCase().split(/\s+/u).filter(Boolean).join(' ')];
    return letters.slice(1).map((letter, index) => `${letters[index] ?? ''}${letter}`);
  }) as [string[], string[]];
  const rest = [...b];
  const shared = a.filter((pair) => {
    const place = rest.indexOf(pair);
    if (place >= 0) rest.splice(place, 1);
    return place >= 0;
  });
  return (2 * shared.length) / (a.length + b.length);
}

describe('the similarity of prompts', () => {
  it('is symmetric, and within [0, 1]', () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const similarity = promptSimilarity(left, right);
        expect(similarity).toBe(promptSimilarity(right, left));
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('is 1 for a text and itself', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(promptSimilarity(text, text)).toBe(1);
        expect(promptSimilarity(text, text.normalize('NFD'))).toBe(1);
      }),
    );
  });

  it('is 1 for texts that differ in case, width and blanks only', () => {
    fc.assert(
      fc.property(printableAscii, fc.constantFrom(' ', '\n', '\t\t ', '\u3000', '\u00a0'), (text, blank) => {
        expect(promptSimilarity(text, text.toUpperCase())).toBe(1);
        expect(promptSimilarity(text, fullWidth(text))).toBe(1);
        expect(promptSimilarity(text, `${blank}${text.replaceAll(' ', blank)}${blank}`)).toBe(1);
      }),
    );
  });

  it('is the Sørensen–Dice coefficient of pairs of characters', () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const expected = dice(left, right);
        if (!Number.isNaN(expected)) expect(promptSimilarity(left, right)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 500 },
    );
  });

  it('stands prompts of 10 000 characters', () => {
    const longest = fc.string({ unit: 'binary', minLength: 10_000, maxLength: 10_000, size: 'max' });
    fc.assert(
      fc.property(longest, longest, (left, right) => {
        expect(promptSimilarity(left, right)).toBeLessThan(1);
        expect(promptSimilarity(left, left)).toBe(1);
      }),
      { numRuns: 5 },
    );
  });
});
