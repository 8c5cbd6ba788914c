import { NOW } from '../../../../test/support/builders';
import { HourlyRecurrence, NEVER, schedule, scheduleDraft } from '../../../../test/support/schedules';
import { InvalidSchedule } from './schedule.errors';
import { changedSchedule, newSchedule, type ScheduleChanges, type ScheduleDraft } from './schedule-draft';
import type { Schedule } from './schedule';

const HOUR_MS = 3_600_000;
const recurrence = new HourlyRecurrence();
const made = (changes: object = {}): Schedule => {
  const draft: ScheduleDraft = { ...scheduleDraft(), ...changes };
  return newSchedule(draft, { id: 's', actor: 'ci', now: NOW + 1 }, recurrence);
};
const violations = (work: () => unknown): string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidSchedule)
      return error.violations.map(({ field, reason }) => `${field} ${reason}`);
    throw error;
  }
  return [];
};

describe('newSchedule', () => {
  it('comes first at the next occurrence', () => {
    expect(made()).toMatchObject({
      ...{ name: 'nightly', cron: '0 * * * *', intervalSeconds: null, timeZone: 'UTC', missed: 'once' },
      ...{ isEnabled: true, nextAt: NOW + HOUR_MS, lastAt: null, lastError: null, version: 1 },
      ...{ createdBy: 'ci', updatedBy: 'ci', createdAt: NOW + 1 },
    });
  });

  it('counts an interval from when it is made', () => {
    const every = made({ cron: undefined, intervalSeconds: 90 });
    expect([every.anchorAt, every.nextAt]).toEqual([NOW + 1, NOW + 90_001]);
  });

  it('comes not at all while it is not enabled', () => {
    expect(made({ isEnabled: false }).nextAt).toBeNull();
  });

  it('takes the longest and the shortest interval', () => {
    for (const intervalSeconds of [1, 366 * 86_400]) {
      expect(made({ cron: undefined, intervalSeconds }).intervalSeconds).toBe(intervalSeconds);
    }
  });

  it.each<[string, object, string[]]>([
    ['no name and no task', { name: undefined, task: undefined }, ['name required', 'task required']],
    ['a long name', { name: 'n'.repeat(101) }, ['name too_long']],
    ['an empty name', { name: '' }, ['name too_short']],
    ['blanks around its name', { name: ' a' }, ['name bad_format']],
    ['neither', { cron: undefined }, ['cron required']],
    ['both', { intervalSeconds: 5 }, ['intervalSeconds not_together']],
    ['no expression', { cron: 'a b c d e' }, ['cron not_cron']],
    ['six fields', { cron: '0 0 * * * *' }, ['cron not_cron']],
    ['an expression of nothing but fields', { cron: 'x  y' }, ['cron not_cron']],
    ['no interval', { cron: undefined, intervalSeconds: 0 }, ['intervalSeconds out_of_range']],
    [
      'too long an interval',
      { cron: undefined, intervalSeconds: 366 * 86_400 + 1 },
      ['intervalSeconds out_of_range'],
    ],
    ['no time zone', { timeZone: 'Mars/Olympus' }, ['timeZone not_time_zone']],
    ['no text for a time zone', { timeZone: 7 }, ['timeZone not_text']],
    ['another policy', { missed: 'all' }, ['missed not_one_of']],
    ['a day that never comes', { cron: NEVER }, ['cron never_occurs']],
  ])('refuses %s', (_, changes, expected) => {
    expect(violations(() => made(changes))).toEqual(expected);
  });
});

describe('changedSchedule', () => {
  const later = NOW + 10 * HOUR_MS + 7;
  const changed = (changes: ScheduleChanges, from: Schedule = made()): Schedule =>
    changedSchedule(from, changes, { actor: 'ops', now: later }, recurrence);

  it('leaves the next occurrence alone when its rhythm stays', () => {
    const renamed = changed({ name: 'weekly', missed: 'skip', cron: '0 * * * *', task: { prompt: 'other' } });
    expect(renamed).toMatchObject({
      ...{ name: 'weekly', missed: 'skip', task: { prompt: 'other' }, nextAt: NOW + HOUR_MS },
      ...{ updatedBy: 'ops', updatedAt: later, createdBy: 'ci', version: 2 },
    });
  });

  it('comes next by its new expression, from now on', () => {
    expect(changed({ cron: '0 */2 * * *' }).nextAt).toBe(NOW + 11 * HOUR_MS);
  });

  it('comes next by its new time zone', () => {
    expect(changed({ timeZone: 'Asia/Kolkata' }).nextAt).toBe(NOW + 11 * HOUR_MS);
  });

  it('puts an interval in the place of an expression, counted from now, and back', () => {
    const every = changed({ intervalSeconds: 60 });
    expect(every).toMatchObject({ cron: null, intervalSeconds: 60, anchorAt: later, nextAt: later + 60_000 });
    expect(changed({ cron: '0 * * * *' }, every)).toMatchObject({ intervalSeconds: null, cron: '0 * * * *' });
  });

  it('does not begin to count anew for the interval that it has', () => {
    const every = made({ cron: undefined, intervalSeconds: 7 });
    expect(changed({ intervalSeconds: 7, timeZone: 'Asia/Kolkata' }, every)).toMatchObject({
      ...{ anchorAt: every.anchorAt, nextAt: every.nextAt },
    });
  });

  it('pauses, and makes up for nothing when it goes on', () => {
    const paused = changed({ isEnabled: false });
    expect([paused.isEnabled, paused.nextAt]).toEqual([false, null]);
    expect(changed({ isEnabled: true }, paused).nextAt).toBe(NOW + 11 * HOUR_MS);
    const every = {
      ...schedule({ cron: null, intervalSeconds: 3_600, anchorAt: NOW + 5 }),
      isEnabled: false,
      nextAt: null,
    };
    expect(changed({ isEnabled: true }, every).nextAt).toBe(NOW + 11 * HOUR_MS + 5);
  });

  it('refuses what breaks a rule', () => {
    expect(violations(() => changed({ cron: NEVER }))).toEqual(['cron never_occurs']);
    expect(violations(() => changed({ cron: '* * * * *', intervalSeconds: 5 }))).toEqual([
      'intervalSeconds not_together',
    ]);
    expect(violations(() => changed({ name: '' }))).toEqual(['name too_short']);
  });
});
