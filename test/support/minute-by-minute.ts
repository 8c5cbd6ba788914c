import { Recurrence, type EpochMs } from '@task/domain';

const MINUTE_MS = 60_000;
/** Longer than any clock is set back or forward. */
const LONGEST_SHIFT_MS = 3 * 60 * MINUTE_MS;
type Values = ReadonlySet<number>;

interface Pattern {
  readonly fields: readonly [minutes: Values, hours: Values, days: Values, months: Values, weekdays: Values];
  readonly isFixed: boolean;
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}

/**
 * The calendar as it is read aloud: looks at every minute, one after the other, and at the clock on the wall in it. Takes
 * numbers, lists, ranges and steps only, and looks no further than some days.
 */
export class MinuteByMinute extends Recurrence {
  private readonly patterns = new Map<string, Pattern>();
  private readonly offsets = new Map<string, (at: EpochMs) => number>();

  constructor(private readonly horizonMs: number) {
    super();
  }

  override understands(cron: string): boolean {
    return /^[\d*,/-]+(?: [\d*,/-]+){4}$/.test(cron);
  }

  override next(cron: string, timeZone: string, after: EpochMs): EpochMs | null {
    const pattern = this.patterns.get(cron) ?? patternOf(cron);
    this.patterns.set(cron, pattern);
    const offsetAt = this.offsetsOf(timeZone);
    const first = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let at = first; at < after + this.horizonMs; at += MINUTE_MS) {
      if (comesAt(pattern, at, offsetAt)) return at;
    }
    return null;
  }

  private offsetsOf(timeZone: string): (at: EpochMs) => number {
    const known = this.offsets.get(timeZone) ?? offsetsIn(timeZone);
    this.offsets.set(timeZone, known);
    return known;
  }
}

function comesAt(pattern: Pattern, at: EpochMs, offsetAt: (at: EpochMs) => number): boolean {
  const local = at + offsetAt(at);
  if (!pattern.isFixed) return matches(pattern, local);
  const before = local - offsetAt(at) + offsetAt(at - MINUTE_MS);
  for (let skipped = before; skipped < local; skipped += MINUTE_MS) {
    if (matches(pattern, skipped)) return true;
  }
  return matches(pattern, local) && !isRepeated(at, local, offsetAt);
}

/** Whether the clock on the wall has shown this before. */
function isRepeated(at: EpochMs, local: number, offsetAt: (at: EpochMs) => number): boolean {
  for (let earlier = at - MINUTE_MS; earlier > at - LONGEST_SHIFT_MS; earlier -= MINUTE_MS) {
    if (earlier + offsetAt(earlier) === local) return true;
  }
  return false;
}

/** As in cron: where both the day of the month and that of the week are said, either will do. */
function matches({ fields, anyDay, anyWeekday }: Pattern, local: number): boolean {
  const [minutes, hours, days, months, weekdays] = fields;
  const passed = Math.floor(local / MINUTE_MS);
  // Most minutes are told apart by these two, without a look at the calendar.
  if (!minutes.has(passed % 60) || !hours.has(Math.floor(passed / 60) % 24)) return false;
  const wall = new Date(local);
  const day = days.has(wall.getUTCDate());
  const weekday = weekdays.has(wall.getUTCDay());
  const isDay = anyDay || anyWeekday ? day && weekday : day || weekday;
  return isDay && months.has(wall.getUTCMonth() + 1);
}

function patternOf(cron: string): Pattern {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.split(' ');
  return {
    fields: [
      valuesOf(minute, 0, 59),
      valuesOf(hour, 0, 23),
      valuesOf(day, 1, 31),
      valuesOf(month, 1, 12),
      valuesOf(weekday, 0, 6),
    ],
    isFixed: !/[*/]/.test(minute + hour),
    anyDay: day.startsWith('*'),
    anyWeekday: weekday.startsWith('*'),
  };
}

function valuesOf(text: string, lowest: number, highest: number): Values {
  const values = text.split(',').flatMap((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from, to = from] = range === '*' ? [lowest, highest] : range.split('-').map(Number);
    return numbersFrom(from ?? lowest, to ?? highest, Number(step));
  });
  return new Set(values);
}

function numbersFrom(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** How far the clock on the wall is ahead of UTC; it changes at quarters of an hour only. */
function offsetsIn(timeZone: string): (at: EpochMs) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / (15 * MINUTE_MS));
    const offset = known.get(quarter) ?? offsetIn(format.format(quarter * 15 * MINUTE_MS));
    known.set(quarter, offset);
    return offset;
  };
}

function offsetIn(text: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}
