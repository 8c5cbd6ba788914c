import { Buckets } from './buckets';

describe('Buckets', () => {
  it('count a value in every bucket whose bound it does not exceed', () => {
    const buckets = new Buckets([1, 2, 5]);
    for (const value of [0, 1, 1.5, 2, 7]) buckets.observe(value);
    expect(buckets.cumulated()).toEqual([
      { bound: 1, count: 2 },
      { bound: 2, count: 4 },
      { bound: 5, count: 4 },
    ]);
    expect([buckets.count, buckets.sum]).toEqual([5, 11.5]);
  });

  it('are empty at first', () => {
    const buckets = new Buckets([1]);
    expect([buckets.cumulated(), buckets.count, buckets.sum]).toEqual([[{ bound: 1, count: 0 }], 0, 0]);
  });
});
