import { InvalidTask, type EpochMs } from '@task/domain';
import { MOMENT_MS, type Happened, type Moment, type Span } from '../ports/statistics';

const DAY_MS = 86_400_000;

/** How far back statistics look. */
export const PERIODS = ['1h', '24h', '7d', '30d'] as const;
/** One of {@link PERIODS}. */
export type Period = (typeof PERIODS)[number];

/** How much time a point of a time series stands for. */
export const GRANULARITIES = ['minute', 'hour', 'day'] as const;
/** One of {@link GRANULARITIES}. */
export type Granularity = (typeof GRANULARITIES)[number];

/** What is looked at when nobody says how far back. */
export const DEFAULT_PERIOD: Period = '24h';
/** Points of a time series at most. */
export const MOST_POINTS = 1_500;

const PERIOD_MS: Readonly<Record<Period, number>> = {
  '1h': MOMENT_MS.hour,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
};
const GRANULARITY_MS: Readonly<Record<Granularity, number>> = { ...MOMENT_MS, day: DAY_MS };
const USUAL: Readonly<Record<Period, Granularity>> = {
  '1h': 'minute',
  '24h': 'hour',
  '7d': 'hour',
  '30d': 'day',
};

/** What happened within one point of time. */
export interface TimePoint extends Happened {
  /** Its beginning, at a full minute, hour or day of UTC. */
  readonly at: EpochMs;
}

/** The granularity of a period: the one asked for, or the usual one. @throws InvalidTask of too many points */
export function granularityFor(period: Period, asked?: Granularity): Granularity {
  const granularity = asked ?? USUAL[period];
  if (pointsOf(period, granularity) <= MOST_POINTS) return granularity;
  const allowed = GRANULARITIES.filter((other) => pointsOf(period, other) <= MOST_POINTS);
  throw new InvalidTask([
    { field: 'granularity', reason: 'not_one_of', constraints: { allowed, max_points: MOST_POINTS } },
  ]);
}

/**
 * The span that a period means now. It begins at a full minute, of a week or more at a full hour, and ends with the
 * present one: the length of the period includes what has passed of that.
 */
export function spanOf(period: Period, now: EpochMs): Span {
  const unit = resolutionOf(period);
  const end = floorTo(now, MOMENT_MS[unit]) + MOMENT_MS[unit];
  return { from: end - PERIOD_MS[period], to: end };
}

/** In which resolution the moments of a period have to be read. */
export function resolutionOf(period: Period): keyof typeof MOMENT_MS {
  return PERIOD_MS[period] > DAY_MS ? 'hour' : 'minute';
}

/** The hours of a period. */
export function hoursOf(period: Period): number {
  return PERIOD_MS[period] / MOMENT_MS.hour;
}

/** Puts moments together to points without a gap between them. The first point has what falls within the span only. */
export function seriesOf(
  moments: readonly Moment[],
  span: Span,
  granularity: Granularity,
): readonly TimePoint[] {
  const step = GRANULARITY_MS[granularity];
  const first = floorTo(span.from, step);
  const points = Array.from({ length: Math.ceil((span.to - first) / step) }, (_, index) =>
    pointAt(first + index * step),
  );
  for (const moment of moments) {
    const point = points[Math.floor((moment.at - first) / step)];
    if (point !== undefined) add(point, moment);
  }
  return points;
}

/** Everything that happened in some moments. */
export function sumOf(moments: readonly Moment[]): Happened {
  const sum = pointAt(0);
  for (const moment of moments) add(sum, moment);
  return sum;
}

type Adding = { -readonly [Name in keyof TimePoint]: TimePoint[Name] };

function pointAt(at: EpochMs): Adding {
  return { at, created: 0, claimed: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, processingMs: 0 };
}

function add(point: Adding, moment: Moment): void {
  point.created += moment.created;
  point.claimed += moment.claimed;
  point.completed += moment.completed;
  point.failed += moment.failed;
  point.cancelled += moment.cancelled;
  point.retried += moment.retried;
  point.processingMs += moment.processingMs;
}

function pointsOf(period: Period, granularity: Granularity): number {
  return PERIOD_MS[period] / GRANULARITY_MS[granularity];
}

function floorTo(at: EpochMs, step: number): EpochMs {
  return Math.floor(at / step) * step;
}
