import { promptSimilarity } from './prompt-match';

describe('promptSimilarity', () => {
  it.each([
    ['night', 'nacht', 0.25],
    ['context', 'contact', 0.5],
    ['abc', 'xyz', 0],
    ['aaaa', 'aa', 0.5],
    ['分析代码性能', '分析代码质量', 0.6],
  ])('of %s and %s is %d', (left, right, similarity) => {
    expect(promptSimilarity(left, right)).toBeCloseTo(similarity, 10);
  });

  it.each([
    ['Fix The Bug', 'fix the bug'],
    ['fix  the\n\tbug ', ' fix the bug'],
    ['ｆｉｘ　ｔｈｅ　ｂｕｇ', 'fix the bug'],
    ['cafe\u0301', 'café'],
    ['ﬁx', 'fix'],
  ])('is 1 for %j and %j', (left, right) => {
    expect(promptSimilarity(left, right)).toBe(1);
  });

  it.each([
    ['', '', 1],
    [' ', '\n', 1],
    ['a', 'A', 1],
    ['a', 'b', 0],
    ['a', 'ab', 0],
    ['', 'ab', 0],
    ['😀', '😀', 1],
  ])('of %j and %j, too short for pairs, is %d', (left, right, similarity) => {
    expect(promptSimilarity(left, right)).toBe(similarity);
  });

  it('counts a pair as often as it occurs', () => {
    expect(promptSimilarity('ababab', 'ab')).toBeCloseTo(2 / 6, 10);
  });

  it('takes a character outside the basic plane as one', () => {
    expect(promptSimilarity('😀😁', '😀😂')).toBe(0);
  });

  it('stands the longest prompts that are taken', () => {
    const left = Array.from({ length: 10_000 }, (_, index) =>
      String.fromCodePoint(0x4e00 + (index % 5_000)),
    ).join('');
    expect(promptSimilarity(left, [...left].reverse().join(''))).toBeLessThan(0.01);
    expect(promptSimilarity(left, left)).toBe(1);
  });
});
