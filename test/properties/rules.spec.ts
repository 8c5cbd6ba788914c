import { TASK_RULES, text, type Rule } from '@task/domain';
import fc from 'fast-check';

const RULES: readonly [string, Rule][] = Object.entries(TASK_RULES);
/** Characters of one and of two UTF-16 units. */
const letters = fc.constantFrom('a', 'é', '文', '😀', '𠮷');

describe('the rules of fields', () => {
  it.each(RULES)('%s takes or refuses any value, and never throws', (_, rule) => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true }), (value) => {
        for (const { path, reason, constraints } of rule.check(value)) {
          expect([typeof path, typeof reason, typeof constraints]).toEqual(['string', 'string', 'object']);
        }
      }),
    );
  });

  it.each(RULES)('%s tells in JSON what it takes, and why it refuses', (_, rule) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const { constraints } of rule.check(value)) {
          expect(JSON.parse(JSON.stringify(constraints))).toEqual(constraints);
        }
      }),
    );
    expect(JSON.parse(JSON.stringify(rule.schema))).toEqual(rule.schema);
  });

  it('count characters, not units of an encoding', () => {
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.array(letters, { minLength: 1, maxLength: 60 }),
    );
    fc.assert(
      fc.property(cases, ([max, characters]) => {
        const faults = text({ min: 1, max }).check(characters.join(''));
        expect(faults.map(({ reason }) => reason)).toEqual(characters.length > max ? ['too_long'] : []);
      }),
      { numRuns: 500 },
    );
  });

  it('take no half of a character, and no NUL', () => {
    const broken = fc.constantFrom('\ud800', '\udfff', '\0');
    fc.assert(
      fc.property(fc.string(), broken, fc.string(), (before, wrong, after) => {
        const joined = `${before}${wrong}${after}`;
        fc.pre(!joined.isWellFormed() || joined.includes('\0'));
        expect(TASK_RULES.prompt.check(joined)).toEqual([
          expect.objectContaining({ reason: 'malformed_text' }),
        ]);
      }),
    );
  });

  it('measure JSON by the bytes of its text', () => {
    const { maxBytes } = { maxBytes: 16 * 1024 };
    const sizes = fc.integer({ min: maxBytes - 8, max: maxBytes + 8 });
    fc.assert(
      fc.property(letters, sizes, (letter, size) => {
        const value = { a: letter.repeat(Math.ceil(size / Buffer.byteLength(letter))) };
        const isTooLarge = Buffer.byteLength(JSON.stringify(value)) > maxBytes;
        expect(TASK_RULES.metadata.check(value).length > 0).toBe(isTooLarge);
      }),
    );
  });
});
