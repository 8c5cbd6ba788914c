import { isSameValue } from './same-value';

const TYPES = { resize: { timeout: 60, tags: ['a', { b: null }] } };

describe('isSameValue', () => {
  it.each([
    [null, null],
    ['a', 'a'],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [TYPES, structuredClone(TYPES)],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{}, {}],
  ])('finds %j and %j the same', (left, right) => {
    expect(isSameValue(left, right)).toBe(true);
  });

  it.each([
    [0, false],
    ['1', 1],
    [null, {}],
    [{}, []],
    [['a'], { 0: 'a' }],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [['a'], ['a', 'b']],
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: undefined }, { b: undefined }],
    [{ toString: undefined }, { a: undefined }],
    [TYPES, { resize: { timeout: 60, tags: ['a', { b: 0 }] } }],
  ])('finds %j and %j different', (left, right) => {
    expect(isSameValue(left, right)).toBe(false);
    expect(isSameValue(right, left)).toBe(false);
  });
});
