import { percentileOf } from './percentile';

const durations = (...ms: readonly number[]): { ms: number; tasks: number }[] =>
  ms.map((each) => ({ ms: each, tasks: 1 }));

describe('percentileOf', () => {
  it('is the nearest rank', () => {
    const ten = durations(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect([0.5, 0.51, 0.95, 0.99, 1].map((share) => percentileOf(ten, share))).toEqual([5, 6, 10, 10, 10]);
  });

  it('counts tasks, not durations', () => {
    expect(percentileOf([{ ms: 5, tasks: 95 }, ...durations(6, 7, 8, 9, 10)], 0.95)).toBe(5);
    expect(percentileOf([{ ms: 5, tasks: 94 }, ...durations(6, 7, 8, 9, 10)], 0.95)).toBe(6);
  });

  it('is that of one alone, and nothing of none', () => {
    expect(percentileOf(durations(42), 0.5)).toBe(42);
    expect(percentileOf([], 0.5)).toBeNull();
  });
});
