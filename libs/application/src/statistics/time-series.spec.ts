import { InvalidTask } from '@task/domain';
import fc from 'fast-check';
import type { Moment } from '../ports/statistics';
import { GRANULARITIES, PERIODS, granularityFor, seriesOf, spanOf, sumOf } from './time-series';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2025, 7, 18, 10, 20, 30, 400);

const moment = (at: number, changes: Partial<Moment> = {}): Moment => ({
  ...{ at, created: 0, claimed: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, processingMs: 0 },
  ...changes,
});

describe('spanOf', () => {
  it.each([
    ['1h', Date.UTC(2025, 7, 18, 9, 21), Date.UTC(2025, 7, 18, 10, 21)],
    ['24h', Date.UTC(2025, 7, 17, 10, 21), Date.UTC(2025, 7, 18, 10, 21)],
    ['7d', Date.UTC(2025, 7, 11, 11), Date.UTC(2025, 7, 18, 11)],
    ['30d', Date.UTC(2025, 6, 19, 11), Date.UTC(2025, 7, 18, 11)],
  ] as const)('ends %s with the present minute or hour', (period, from, to) => {
    expect(spanOf(period, NOW)).toEqual({ from, to });
  });
});

describe('granularityFor', () => {
  it('takes minutes for an hour, hours for a day and a week, days for a month', () => {
    expect(PERIODS.map((period) => granularityFor(period))).toEqual(['minute', 'hour', 'hour', 'day']);
  });

  it.each([
    ['7d', 'minute'],
    ['30d', 'minute'],
  ] as const)(
    'refuses to make more than 1500 points of %s by the %s, and says what it takes',
    (period, asked) => {
      expect(() => granularityFor(period, asked)).toThrow(InvalidTask);
      try {
        granularityFor(period, asked);
      } catch (error) {
        expect(error).toMatchObject({
          violations: [
            {
              field: 'granularity',
              reason: 'not_one_of',
              constraints: { allowed: ['hour', 'day'], max_points: 1_500 },
            },
          ],
        });
      }
    },
  );

  it('takes everything else', () => {
    const taken = PERIODS.flatMap((period) =>
      GRANULARITIES.filter((granularity) => {
        try {
          return granularityFor(period, granularity) === granularity;
        } catch {
          return false;
        }
      }),
    );
    expect(taken).toHaveLength(10);
  });
});

describe('seriesOf', () => {
  it.each([
    ['1h', 'minute', 60],
    ['24h', 'minute', 1_440],
    ['24h', 'hour', 25],
    ['7d', 'hour', 168],
    ['30d', 'hour', 720],
    ['30d', 'day', 31],
  ] as const)('makes of %s by the %s %i points without a gap', (period, granularity, count) => {
    const step = { minute: MINUTE, hour: HOUR, day: DAY }[granularity];
    const points = seriesOf([], spanOf(period, NOW), granularity);
    expect(points).toHaveLength(count);
    expect(points.every(({ at }, index) => at === (points[0]?.at ?? 0) + index * step)).toBe(true);
    expect(points.every(({ at }) => at % step === 0)).toBe(true);
    expect(points.at(-1)?.at).toBe(Math.floor(NOW / step) * step);
  });

  it('puts each moment into the point that it belongs to', () => {
    const span = spanOf('24h', NOW);
    const first = span.from;
    const points = seriesOf(
      [
        moment(first, { created: 2 }),
        moment(first + 39 * MINUTE, { completed: 1, processingMs: 700, retried: 1 }),
        moment(span.to - MINUTE, { failed: 3, cancelled: 1, claimed: 5 }),
      ],
      span,
      'hour',
    );
    expect(points[0]).toMatchObject({ at: Date.UTC(2025, 7, 17, 10), created: 2, completed: 0 });
    expect(points[1]).toMatchObject({ completed: 1, processingMs: 700, retried: 1 });
    expect(points.at(-1)).toMatchObject({ failed: 3, cancelled: 1, claimed: 5 });
  });

  it('loses and adds nothing, whatever the period, the granularity and the time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PERIODS),
        fc.constantFrom(...GRANULARITIES),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.array(fc.record({ share: fc.nat({ max: 999 }), created: fc.nat(), completed: fc.nat() })),
        (period, granularity, now, given) => {
          const span = spanOf(period, now);
          const unit = period === '7d' || period === '30d' ? HOUR : MINUTE;
          const moments = given.map(({ share, ...counts }) =>
            moment(span.from + Math.floor((((span.to - span.from) / unit) * share) / 1000) * unit, counts),
          );
          expect(sumOf(seriesOf(moments, span, granularity))).toEqual(sumOf(moments));
        },
      ),
    );
  });
});
