import { isDeeperThan } from '@task/domain';
import fc from 'fast-check';
import { isNestedDeeper } from './nesting';

const bytesOf = (json: string): Uint8Array => Buffer.from(json);

describe('the nesting of JSON that is not parsed', () => {
  it('is that of what it says, whatever stands in its texts', () => {
    const texts = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', '}', ']', 'a', 'é', '\n') });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.oneof(texts, fc.integer(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(texts, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 7 }), fc.constantFrom(0, 2), (given, most, indent) => {
        const json = JSON.stringify(given, null, indent);
        expect(isNestedDeeper(bytesOf(json), most)).toBe(isDeeperThan(given, most));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a list without an end', '['.repeat(101), true],
    ['as deep as may be', '['.repeat(100), false],
    ['brackets within a text without an end', `"${'['.repeat(200)}`, false],
    ['nothing', '', false],
  ])('is known of what is no JSON: %s', (_what, text, isDeeper) => {
    expect(isNestedDeeper(bytesOf(text), 100)).toBe(isDeeper);
  });
});
