import { dueOccurrence, ran, passedOver, type Schedule } from '@task/domain';
import { expectedOccurrences } from '../support/expected-occurrences';
import { MinuteByMinute } from '../support/minute-by-minute';
import { schedule } from '../support/schedules';
import { SeededRandom, seedOfRun } from '../support/seeded-random';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const BEGINNING = Date.UTC(2025, 0, 1);
const END = Date.UTC(2026, 0, 1);

/** Agrees with the real one (`recurrence.spec.ts`), and is quick where every minute counts. */
const calendar = new MinuteByMinute(2 * DAY_MS);
const seed = seedOfRun();

/** The row that instances share: who writes it names the version that it has read. */
class SharedRow {
  readonly made: number[] = [];

  constructor(public current: Schedule) {}

  /** What is due by what an instance has read, perhaps a while ago. */
  look(read: Schedule, now: number): void {
    const due = dueOccurrence(read, now, calendar);
    if (due === null || read.version !== this.current.version) return;
    if (due.at !== null) this.made.push(due.at);
    this.current = due.at === null ? passedOver(read, due.nextAt) : ran(read, 'task', now, due.nextAt);
  }
}

describe(`a year of every minute in two time zones, on two instances (TEST_SEED=${seed})`, () => {
  it.each([
    ['Europe/Berlin', 'once'],
    ['America/New_York', 'skip'],
  ] as const)('in %s: none is doubled, and none missing beyond the policy "%s"', (timeZone, missed) => {
    const random = new SeededRandom(seed);
    const first = schedule({ cron: '* * * * *', timeZone, missed, nextAt: BEGINNING + MINUTE_MS });
    const row = new SharedRow(first);
    const turns: number[] = [];
    const read: [Schedule, Schedule] = [first, first];
    for (let now = BEGINNING; now < END;) {
      // Most of the time there is somebody; at times nobody, for up to a day.
      now += random.next() < 0.0005 ? random.whole(0, DAY_MS) : random.whole(1_000, 50_000);
      turns.push(now);
      read[random.whole(0, 1)] = row.current;
      const [one, other] = random.next() < 0.5 ? read : [read[1], read[0]];
      row.look(one, now);
      row.look(other, now);
      while ((row.current.nextAt ?? END) <= now) row.look(row.current, now);
      if (random.next() < 0.01) read.fill(row.current);
    }
    const last = turns.at(-1) ?? END;
    const minutes = Array.from(
      { length: Math.floor((last - BEGINNING) / MINUTE_MS) },
      (_, index) => BEGINNING + (index + 1) * MINUTE_MS,
    );
    const expected = expectedOccurrences(minutes, turns, missed);
    expect(row.made.length).toBe(expected.length);
    expect(row.made.findIndex((at, index) => at !== expected[index])).toBe(-1);
    expect(row.made.length).toBeGreaterThan(365 * 1_440 * 0.5);
  });
});
