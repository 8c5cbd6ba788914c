import { instant, instantOf } from '@task/domain';
import fc from 'fast-check';

const dates = fc.date({
  min: new Date('1000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const offsets = fc
  .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([sign, hours, minutes]) => ({ sign, hours: two(hours), minutes: two(minutes) }));

function two(number: number): string {
  return String(number).padStart(2, '0');
}

describe('a time in ISO 8601', () => {
  it('is the one that Date reads from RFC 3339', () => {
    fc.assert(
      fc.property(dates, offsets, (date, { sign, hours, minutes }) => {
        const local = date.toISOString().slice(0, -1);
        expect(instantOf(date.toISOString())).toBe(date.getTime());
        const text = `${local}${sign}${hours}:${minutes}`;
        expect(instantOf(text)).toBe(Date.parse(text));
        expect(instantOf(`${local}${sign}${hours}${minutes}`)).toBe(Date.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is in UTC when it names no offset, wherever the server stands', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(instantOf(date.toISOString().slice(0, -1))).toBe(date.getTime());
        const day = date.toISOString().slice(0, 10);
        expect(instantOf(day)).toBe(Date.parse(`${day}T00:00:00Z`));
      }),
    );
  });

  it('is on a day that the calendar has', () => {
    const fields = fc.tuple(
      fc.integer({ min: 1000, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(fields, ([year, month, day]) => {
        const text = `${year}-${two(month)}-${two(day)}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        expect(instantOf(`${text}T12:00:00Z`) !== null).toBe(exists);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read or refused, whatever the text', () => {
    const digits = fc.string({
      unit: fc.constantFrom('0', '1', '2', '9', '-', ':', '.', ',', 'T', 'Z', '+', ' '),
      maxLength: 35,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits), (text) => {
        const read = instantOf(text);
        expect(read === null || Number.isSafeInteger(read)).toBe(true);
        expect(instant().check(text).length === 0).toBe(read !== null);
      }),
      { numRuns: 1_000 },
    );
  });
});
