import { CronerRecurrence } from '@task/infrastructure';
import fc from 'fast-check';
import { describeRecurrence } from '../contracts/recurrence.contract';
import { MinuteByMinute } from '../support/minute-by-minute';

const DAY_MS = 86_400_000;
const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe'],
  ...['Asia/Kolkata', 'Africa/Casablanca', 'Atlantic/Azores'],
];
/** Around these days, clocks are set in one or another of those. */
const TURNS = [
  '2025-03-09',
  '2025-03-30',
  '2025-04-05',
  '2025-09-07',
  '2025-10-05',
  '2025-10-26',
  '2025-11-02',
];

const croner = new CronerRecurrence();
const slow = new MinuteByMinute(62 * DAY_MS);
describeRecurrence('of croner', croner);
describeRecurrence('minute by minute', slow);

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const list = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
    .map((all) => all.sort((a, b) => a - b).join(','));
const range = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
const step = fc.integer({ min: 2, max: 20 }).map((by) => `*/${by}`);
const any = fc.constant('*');
const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(any, number(min, max), list(min, max), range(min, max), step);
const minute = field(0, 59);
const hour = fc.oneof(any, list(0, 4), field(0, 23));
const day = fc.oneof(any, any, any, list(1, 31));
const weekday = fc.oneof(any, any, list(0, 6));
const cron = fc.tuple(minute, hour, day, any, weekday).map((fields) => fields.join(' '));
const zone = fc.constantFrom(...ZONES);
/** Some time within two days of a turn. */
const around = fc
  .tuple(fc.constantFrom(...TURNS), fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }))
  .map(([turn, ms]) => Date.parse(turn) + ms);

describe('cron expressions', () => {
  it('come when every clock on the wall says so, minute by minute, also on the days on which clocks are set', () => {
    fc.assert(
      fc.property(cron, zone, around, (expression, timeZone, from) => {
        let at = from;
        for (let nth = 0; nth < 6; nth += 1) {
          const next = slow.next(expression, timeZone, at);
          // Beyond what the slow one looks at there is nothing to compare.
          if (next === null) return;
          expect([expression, timeZone, croner.next(expression, timeZone, at)]).toEqual([
            expression,
            timeZone,
            next,
          ]);
          at = next;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('come strictly later, each time, over years', () => {
    const time = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2080, 0) });
    fc.assert(
      fc.property(cron, zone, time, (expression, timeZone, from) => {
        let at = from;
        for (let nth = 0; nth < 20; nth += 1) {
          const next = croner.next(expression, timeZone, at);
          if (next === null) throw new Error(`${expression} ends at ${at}`);
          expect(next).toBeGreaterThan(at);
          at = next;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('are the same from wherever they are asked for in between', () => {
    fc.assert(
      fc.property(
        cron,
        zone,
        around,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (expression, timeZone, from, part) => {
          const next = croner.next(expression, timeZone, from);
          if (next === null) return;
          const between = from + Math.floor((next - from - 1) * part);
          expect(croner.next(expression, timeZone, between)).toBe(next);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('have leap days, over centuries too', () => {
    const leapDays = [2024, 2028, 2096, 2104].map((year) => Date.UTC(year, 1, 29, 12));
    const found = leapDays.map((at) => croner.next('0 12 29 2 *', 'UTC', at - 1));
    expect(found).toEqual(leapDays);
    expect(croner.next('0 12 29 2 *', 'UTC', Date.UTC(2096, 1, 29, 12))).toBe(Date.UTC(2104, 1, 29, 12));
  });

  it('that never come are told from others, in bounded time', () => {
    for (const never of ['0 0 30 2 *', '0 0 31 4,6,9,11 *', '*/5 * 31 2 *', '0 0 31W 2 *']) {
      expect([never, croner.understands(never), croner.next(never, 'Europe/Berlin', 0)]).toEqual([
        never,
        true,
        null,
      ]);
    }
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '0 0 1 1 * 2030',
    '60 * * * *',
    '* 24 * * *',
    '0 0 0 * *',
    '0 0 32 1 *',
    '0 12 * * 8',
    '*/0 * * * *',
    'a b c d e',
    '@reboot',
    '@often',
    '2030-01-23T00:00:00',
    '2030-01-23 00:00:00',
    '٣ * * * *',
    '-1 * * * *',
  ])('is not %j', (text) => {
    expect(croner.understands(text)).toBe(false);
    expect(croner.next(text, 'UTC', 0)).toBeNull();
  });

  it.each(['@daily', '0 0 L * *', '0 9 * * MON-FRI', '0 9 15W * *', '0 9 * JAN,jul 1#2', '0 0 * * 7'])(
    'is %j',
    (text) => {
      expect(croner.understands(text)).toBe(true);
      expect(croner.next(text, 'UTC', 0)).toBeGreaterThan(0);
    },
  );

  it('never throw, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.stringMatching(/^[-0-9*,/LW#?+@a-z ]{0,30}$/),
    );
    fc.assert(
      fc.property(text, (given) => {
        const next = croner.next(given, 'Europe/Berlin', 0);
        if (!croner.understands(given)) expect(next).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('come no more in a time zone that nobody knows', () => {
    expect(croner.next('* * * * *', 'Mars/Olympus', 0)).toBeNull();
  });

  it('stay right when more are in use than are kept', () => {
    const few = Array.from({ length: 1_500 }, (_, index) => `${index % 60} ${Math.floor(index / 60)} * * *`);
    for (const [index, expression] of [...few, ...few].entries()) {
      const minutes = index % 1_500;
      if (minutes >= 1_440) continue;
      expect(croner.next(expression, 'UTC', -1)).toBe(minutes * 60_000);
    }
  });
});
