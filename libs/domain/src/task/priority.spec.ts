import {
  bandOf,
  HIGHEST_PRIORITY,
  levelOf,
  LOWEST_PRIORITY,
  prioritiesOf,
  prioritiesOfLevel,
  PRIORITY_BANDS,
  PRIORITY_LEVELS,
  priorityOf,
  priorityOfLevel,
} from './priority';

describe('priority names', () => {
  it.each([
    ['low', 2],
    ['medium', 5],
    ['high', 8],
  ] as const)('write %s as %d', (band, priority) => {
    expect(priorityOf(band)).toBe(priority);
  });

  it('read each number of the range under one name', () => {
    const names = Array.from({ length: HIGHEST_PRIORITY }, (_, index) => bandOf(LOWEST_PRIORITY + index));
    expect(names.map((name) => name.charAt(0)).join('')).toBe('lllmmmhhhh');
  });

  it('cover the whole range without a gap', () => {
    expect(PRIORITY_BANDS.map(prioritiesOf)).toEqual([
      { from: 1, to: 3 },
      { from: 4, to: 6 },
      { from: 7, to: 10 },
    ]);
  });

  it('mean a number that is read under the same name', () => {
    expect(PRIORITY_BANDS.map((band) => bandOf(priorityOf(band)))).toEqual(PRIORITY_BANDS);
  });
});

describe('the four names of priorities', () => {
  it.each([
    ['low', 2],
    ['normal', 5],
    ['high', 8],
    ['critical', 10],
  ] as const)('write %s as %d', (level, priority) => {
    expect(priorityOfLevel(level)).toBe(priority);
  });

  it('tell the last number from the others', () => {
    const names = Array.from({ length: HIGHEST_PRIORITY }, (_, index) => levelOf(LOWEST_PRIORITY + index));
    expect(names.map((name) => name.charAt(0)).join('')).toBe('lllnnnhhhc');
  });

  it('cover the whole range without a gap', () => {
    expect(PRIORITY_LEVELS.map(prioritiesOfLevel)).toEqual([
      { from: 1, to: 3 },
      { from: 4, to: 6 },
      { from: 7, to: 9 },
      { from: 10, to: 10 },
    ]);
  });

  it('mean a number that is read under the same name', () => {
    expect(PRIORITY_LEVELS.map((level) => levelOf(priorityOfLevel(level)))).toEqual(PRIORITY_LEVELS);
  });
});
