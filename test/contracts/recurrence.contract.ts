import type { Recurrence } from '@task/domain';

/** What every calendar has to do. */
export function describeRecurrence(name: string, recurrence: Recurrence): void {
  describe(`Recurrence ${name}`, () => {
    /** The next occurrences after a time. */
    const nextOf = (cron: string, timeZone: string, after: string, count: number): string[] => {
      const found: string[] = [];
      let at: number | null = Date.parse(after);
      while (found.length < count && at !== null) {
        at = recurrence.next(cron, timeZone, at);
        if (at !== null) found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
      }
      return found;
    };

    it('comes strictly later, to the minute', () => {
      expect(nextOf('* * * * *', 'UTC', '2025-08-18T10:00:00Z', 2)).toEqual([
        '2025-08-18T10:01Z',
        '2025-08-18T10:02Z',
      ]);
      expect(nextOf('* * * * *', 'UTC', '2025-08-18T10:00:59.999Z', 1)).toEqual(['2025-08-18T10:01Z']);
    });

    it('goes by the clock on the wall of its time zone', () => {
      expect(nextOf('0 9 * * *', 'Asia/Kolkata', '2025-08-18T10:00:00Z', 1)).toEqual(['2025-08-19T03:30Z']);
      expect(nextOf('0 9 * * *', 'America/New_York', '2025-08-18T10:00:00Z', 1)).toEqual([
        '2025-08-18T13:00Z',
      ]);
    });

    it('takes either day, where both the month’s and the week’s are said', () => {
      expect(nextOf('0 0 20 * 1', 'UTC', '2025-08-18T10:00:00Z', 2)).toEqual([
        '2025-08-20T00:00Z',
        '2025-08-25T00:00Z',
      ]);
    });

    describe('on the day on which clocks are set forward over it', () => {
      it('comes once, right after the gap, when it has a fixed time', () => {
        expect(nextOf('30 2 * * *', 'Europe/Berlin', '2025-03-29T00:00:00Z', 3)).toEqual([
          '2025-03-29T01:30Z',
          '2025-03-30T01:00Z',
          '2025-03-31T00:30Z',
        ]);
        expect(nextOf('15,45 2 * * *', 'America/New_York', '2025-03-09T00:00:00Z', 2)).toEqual([
          '2025-03-09T07:00Z',
          '2025-03-10T06:15Z',
        ]);
      });

      it('comes at the first moment of a day that has no midnight', () => {
        expect(nextOf('0 0 * * *', 'America/Santiago', '2025-09-06T05:00:00Z', 2)).toEqual([
          '2025-09-07T04:00Z',
          '2025-09-08T03:00Z',
        ]);
      });

      it('skips what does not exist, when it goes on all the time', () => {
        expect(nextOf('*/30 * * * *', 'Europe/Berlin', '2025-03-30T00:20:00Z', 3)).toEqual([
          '2025-03-30T00:30Z',
          '2025-03-30T01:00Z',
          '2025-03-30T01:30Z',
        ]);
      });
    });

    describe('on the day on which clocks are set back over it', () => {
      it('comes once, the first time, when it has a fixed time', () => {
        expect(nextOf('30 2 * * *', 'Europe/Berlin', '2025-10-25T23:00:00Z', 2)).toEqual([
          '2025-10-26T00:30Z',
          '2025-10-27T01:30Z',
        ]);
        expect(nextOf('30 1,2 * * *', 'Europe/Berlin', '2025-10-25T23:00:00Z', 3)).toEqual([
          '2025-10-25T23:30Z',
          '2025-10-26T00:30Z',
          '2025-10-27T00:30Z',
        ]);
      });

      it('is not late for the second time, when the first has passed', () => {
        expect(nextOf('30 2 * * *', 'Europe/Berlin', '2025-10-26T01:10:00Z', 1)).toEqual([
          '2025-10-27T01:30Z',
        ]);
      });

      it('goes on through both hours, when it goes on all the time', () => {
        expect(nextOf('*/30 * * * *', 'Europe/Berlin', '2025-10-25T23:50:00Z', 5)).toEqual([
          '2025-10-26T00:00Z',
          '2025-10-26T00:30Z',
          '2025-10-26T01:00Z',
          '2025-10-26T01:30Z',
          '2025-10-26T02:00Z',
        ]);
      });
    });

    it('has the 31st only in months that have one', () => {
      expect(nextOf('0 0 31 * *', 'UTC', '2025-03-31T00:00:00Z', 1)).toEqual(['2025-05-31T00:00Z']);
    });
  });
}
