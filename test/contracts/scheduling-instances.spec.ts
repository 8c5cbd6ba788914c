import type { ScheduleDraft } from '@task/domain';
import type { StoreOptions } from '@task/infrastructure';
import { CountedIds } from '../support/counted-ids';
import { eventually } from '../support/eventually';
import { expectedOccurrences } from '../support/expected-occurrences';
import { FixedClock } from '../support/fixed-clock';
import { ManualTimers } from '../support/manual-timers';
import { MinuteByMinute } from '../support/minute-by-minute';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { scheduleDraft } from '../support/schedules';
import { SchedulingInstance } from '../support/scheduling-instance';
import { SpareDatabases } from '../support/spare-databases';
import { SqliteTemplate } from '../support/sqlite-template';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** When clocks are set in Berlin and in New York, in one year. */
const TURNS = ['2025-03-09T07:00Z', '2025-03-30T01:00Z', '2025-10-26T01:00Z', '2025-11-02T06:00Z'].map(
  (text) => Date.parse(text),
);
const BEGINNING = Date.parse('2025-03-08T12:00Z');

const DRAFTS: readonly ScheduleDraft[] = [
  scheduleDraft({ name: 'minutes in Berlin', cron: '* * * * *', timeZone: 'Europe/Berlin', missed: 'once' }),
  scheduleDraft({
    name: 'minutes in New York',
    cron: '* * * * *',
    timeZone: 'America/New_York',
    missed: 'skip',
  }),
  scheduleDraft({ name: 'nights in Berlin', cron: '30 2 * * *', timeZone: 'Europe/Berlin', missed: 'once' }),
  scheduleDraft({
    name: 'nights in New York',
    cron: '30 1,2 * * *',
    timeZone: 'America/New_York',
    missed: 'skip',
  }),
];

/** Every occurrence in a time, by the slow calendar. */
function occurrencesOf({ cron = '', timeZone = 'UTC' }: ScheduleDraft, from: number, to: number): number[] {
  const calendar = new MinuteByMinute(2 * DAY_MS);
  const found: number[] = [];
  for (let at = calendar.next(cron, timeZone, from); at !== null && at <= to;) {
    found.push(at);
    at = calendar.next(cron, timeZone, at);
  }
  return found;
}

/** How much of a year a test has the time for. */
interface Part {
  readonly turns: readonly number[];
  /** Minutes that are lived through around each of them, a third of them before it. */
  readonly minutes: number;
}

function describeInstances(
  name: string,
  { turns, minutes: lived }: Part,
  take: (clock: FixedClock) => Promise<StoreOptions>,
): void {
  describe(`two instances on one ${name}`, () => {
    let clock: FixedClock;
    let timers: readonly [ManualTimers, ManualTimers];
    let instances: [SchedulingInstance, SchedulingInstance];
    let looked: number[];

    beforeEach(async () => {
      clock = new FixedClock(BEGINNING);
      timers = [new ManualTimers(clock), new ManualTimers()];
      const options = await take(clock);
      const ids = new CountedIds();
      const instance = (own: ManualTimers): SchedulingInstance =>
        new SchedulingInstance(options, clock, own, ids);
      instances = [instance(timers[0]), instance(timers[1])];
      looked = [];
      for (const each of instances) await each.start();
    });

    afterEach(async () => {
      for (const each of instances) await each.stop();
    });

    /** Time passes, and both look when it has: one after the other, or now and then at the same moment. */
    const look = async (afterMs: number, isTogether = looked.length % 12 === 11): Promise<void> => {
      for (const each of timers) each.standStill(afterMs);
      looked.push(clock.now());
      if (isTogether) await Promise.all(timers.map(turn));
      else for (const each of timers) await turn(each);
    };

    /** A timer that is set again tells that its turn has ended. */
    const turn = async (own: ManualTimers): Promise<void> => {
      await own.advance(0);
      await eventually(async () => (own.count === 1 ? true : null), { pauseMs: 0 });
    };

    it('make a task of every occurrence once, on the days on which clocks are set in two time zones', async () => {
      for (const draft of DRAFTS) await instances[0].add(draft);
      for (const [nth, set] of turns.entries()) {
        await look(set - (lived / 3) * MINUTE_MS - clock.now());
        for (let minute = 0; minute < lived; minute += 1) {
          if (minute % 20 === 10) {
            const each = instances[(nth + minute / 10) % 2 === 0 ? 0 : 1];
            await each.stop();
            await each.start();
          }
          await look(MINUTE_MS);
        }
      }
      const made = await instances[1].occurrences();
      for (const draft of DRAFTS) {
        const all = occurrencesOf(draft, BEGINNING, clock.now());
        const expected = expectedOccurrences(all, looked, draft.missed ?? 'once');
        expect([draft.name, made.get(draft.name) ?? []]).toEqual([draft.name, expected]);
      }
      const { waiting } = await instances[0].store.tasks.countByStatus();
      expect(waiting).toBe([...made.values()].flat().length);
      // Of each leap between them, its last two minutes are still in time.
      expect(made.get('minutes in New York')).toHaveLength(turns.length * (lived + 2));
    });

    it('repeat nothing when clocks are set back, and follow the policy when they are set forward', async () => {
      await instances[0].add(scheduleDraft({ name: 'once', cron: '* * * * *', missed: 'once' }));
      await instances[0].add(scheduleDraft({ name: 'skip', cron: '* * * * *', missed: 'skip' }));
      for (let minute = 0; minute < 5; minute += 1) await look(MINUTE_MS);
      clock.advance(-3 * MINUTE_MS);
      for (let minute = 0; minute < 6; minute += 1) await look(MINUTE_MS);
      clock.advance(2 * HOUR_MS);
      for (let minute = 0; minute < 3; minute += 1) await look(MINUTE_MS);
      const minutes = (list: readonly number[] | undefined): number[] =>
        (list ?? []).map((at) => (at - BEGINNING) / MINUTE_MS);
      const made = await instances[1].occurrences();
      const late = [128, 129, 130, 131];
      expect(minutes(made.get('once'))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, ...late]);
      expect(minutes(made.get('skip'))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, ...late]);
    });

    it('share many that are due at once after a downtime', async () => {
      for (let nth = 0; nth < 120; nth += 1) {
        await instances[nth % 2 === 0 ? 0 : 1].add(
          scheduleDraft({ name: `${nth}`, cron: `${nth % 60} * * * *` }),
        );
      }
      await look(6 * HOUR_MS + 30 * MINUTE_MS, true);
      const made = await instances[0].occurrences();
      expect([...made.values()].flat()).toHaveLength(120 + 4);
      expect(made.size).toBe(120);
    });
  });
}

describe('schedules', () => {
  let postgres: TestPostgres | undefined;
  let databases: SpareDatabases | undefined;
  const template = new SqliteTemplate();

  beforeAll(async () => {
    postgres = await startPostgres(['-c', 'fsync=off']);
    databases = new SpareDatabases(postgres);
  });
  afterAll(async () => {
    await template.remove();
    await postgres?.stop();
  });

  describeInstances('SQLite file', { turns: TURNS, minutes: 180 }, (clock) => template.copy(clock));
  describeInstances('PostgreSQL', { turns: TURNS.slice(1, 3), minutes: 105 }, () => {
    if (databases === undefined) throw new Error('PostgreSQL runs only while there are tests');
    return databases.take();
  });
});
