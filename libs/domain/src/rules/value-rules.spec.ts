import type { Rule } from './rule';
import { text } from './text-rules';
import { flag, isDeeperThan, jsonObject, jsonValue, listOf, wholeNumber } from './value-rules';

const reasons = (rule: Rule, value: unknown): string[] => rule.check(value).map(({ reason }) => reason);

/** So many objects, each inside the other. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) });

describe('wholeNumber', () => {
  const rule = wholeNumber({ min: 1, max: 10 });

  it.each([1, 5, 10])('takes %d', (value) => {
    expect(reasons(rule, value)).toEqual([]);
  });

  it.each([
    [0, 'out_of_range'],
    [11, 'out_of_range'],
    [-1, 'out_of_range'],
    [1.5, 'not_whole_number'],
    [1e20, 'not_whole_number'],
    [Number.NaN, 'not_whole_number'],
    [Infinity, 'not_whole_number'],
    ['5', 'not_whole_number'],
    [true, 'not_whole_number'],
    [null, 'not_whole_number'],
  ])('refuses %p: %s', (value, reason) => {
    expect(rule.check(value)).toEqual([{ path: '', reason, constraints: { min: 1, max: 10 } }]);
  });
});

describe('flag', () => {
  it('takes true and false, not their names', () => {
    expect([true, false].flatMap((value) => reasons(flag(), value))).toEqual([]);
    expect(['true', 0, null].map((value) => reasons(flag(), value))).toEqual(Array(3).fill(['not_flag']));
  });
});

describe('listOf', () => {
  const rule = listOf(text({ min: 1, max: 2 }), { max: 3 });

  it('takes lists within its length', () => {
    expect(reasons(rule, [])).toEqual([]);
    expect(reasons(rule, ['a', 'b', 'a'])).toEqual([]);
    expect(rule.check(['a', 'b', 'c', 'd'])).toEqual([
      { path: '', reason: 'too_many', constraints: { max_items: 3 } },
    ]);
  });

  it('tells every wrong element by its place', () => {
    expect(rule.check(['', 'b', 7]).map(({ path, reason }) => path + reason)).toEqual([
      '[0]too_short',
      '[2]not_text',
    ]);
  });

  it.each(['a', { length: 1 }, null])('refuses %j', (value) => {
    expect(reasons(rule, value)).toEqual(['not_list']);
  });

  it('tells its elements in its schema', () => {
    expect(rule.schema).toMatchObject({ type: 'array', maxItems: 3, items: { maxLength: 2 } });
  });
});

describe.each([
  ['jsonObject', jsonObject({ maxBytes: 40, maxDepth: 3 })],
  ['jsonValue', jsonValue({ maxBytes: 40, maxDepth: 3 })],
])('%s', (_, rule) => {
  it('counts the bytes of the text, not its characters', () => {
    expect(reasons(rule, { a: 'x'.repeat(32) })).toEqual([]);
    expect(reasons(rule, { a: 'x'.repeat(33) })).toEqual(['too_large']);
    expect(reasons(rule, { a: '三'.repeat(10) })).toEqual([]);
    expect(reasons(rule, { a: '三'.repeat(11) })).toEqual(['too_large']);
  });

  it('counts how deep it is', () => {
    expect(reasons(rule, nested(3))).toEqual([]);
    expect(reasons(rule, nested(4))).toEqual(['too_deep']);
    expect(reasons(rule, { a: [[]] })).toEqual([]);
    expect(reasons(rule, { a: [[[]]] })).toEqual(['too_deep']);
  });

  it('refuses what goes round in a circle, and what is as deep as a trap', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(reasons(rule, circle)).toEqual(['too_deep']);
    expect(reasons(rule, nested(5_000))).toEqual(['too_deep']);
  });
});

describe('jsonObject', () => {
  it.each([null, [], 'text', 1, true, undefined])('takes objects only, not %j', (value) => {
    expect(reasons(jsonObject({ maxBytes: 100, maxDepth: 3 }), value)).toEqual(['not_object']);
  });
});

describe('jsonValue', () => {
  const rule = jsonValue({ maxBytes: 100, maxDepth: 3 });

  it.each([null, [], 'text', 1, true, {}])('takes %j', (value) => {
    expect(reasons(rule, value)).toEqual([]);
  });

  it('refuses what is no value at all', () => {
    expect(reasons(rule, undefined)).toEqual(['not_json']);
    for (const text of ['1e999', '[-1e999]', '{"a":[null,{"b":1e400}]}'])
      expect([text, reasons(rule, JSON.parse(text))]).toEqual([text, ['not_json']]);
  });
});

describe('isDeeperThan', () => {
  it('tells no depth of what holds nothing', () => {
    expect(isDeeperThan(1, 0)).toBe(false);
    expect(isDeeperThan({}, 0)).toBe(true);
    expect(isDeeperThan({ a: 1 }, 1)).toBe(false);
  });
});
