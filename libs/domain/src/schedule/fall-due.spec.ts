import { NOW } from '../../../../test/support/builders';
import { HourlyRecurrence, schedule } from '../../../../test/support/schedules';
import { QueueFull } from '../task/task.errors';
import { dueOccurrence, heldUp, ON_TIME_MS, passedOver, ran, refused } from './fall-due';
import { occurrenceAfter } from './occurrence-after';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const recurrence = new HourlyRecurrence();
const hourly = schedule({ cron: '0 * * * *', nextAt: NOW });
const everyTenSeconds = schedule({ cron: null, intervalSeconds: 10, anchorAt: NOW, nextAt: NOW + 10_000 });

describe('dueOccurrence', () => {
  it('is none before its time, nor of a schedule without one', () => {
    expect(dueOccurrence(hourly, NOW - 1, recurrence)).toBeNull();
    expect(dueOccurrence({ ...hourly, nextAt: null }, NOW, recurrence)).toBeNull();
  });

  it('comes at its time, and a minute later too, whatever its policy', () => {
    for (const missed of ['once', 'skip'] as const) {
      for (const late of [0, ON_TIME_MS]) {
        const due = dueOccurrence({ ...hourly, missed }, NOW + late, recurrence);
        expect(due).toEqual({ at: NOW, nextAt: NOW + HOUR_MS });
      }
    }
  });

  it('comes once for all that were missed', () => {
    const due = dueOccurrence(hourly, NOW + 5 * HOUR_MS + 10 * MINUTE_MS, recurrence);
    expect(due).toEqual({ at: NOW, nextAt: NOW + 6 * HOUR_MS });
  });

  it('is passed over when it was missed, where its policy says so', () => {
    const due = dueOccurrence({ ...hourly, missed: 'skip' }, NOW + 5 * HOUR_MS + 10 * MINUTE_MS, recurrence);
    expect(due).toEqual({ at: null, nextAt: NOW + 6 * HOUR_MS });
  });

  it('goes on with those that are still in time', () => {
    const now = NOW + 10 * MINUTE_MS;
    const due = dueOccurrence(everyTenSeconds, now, recurrence);
    expect(due).toEqual({ at: NOW + 10_000, nextAt: now - ON_TIME_MS });
  });

  it('moves on, always', () => {
    for (const late of [0, 1, ON_TIME_MS, ON_TIME_MS + 1, HOUR_MS]) {
      const due = dueOccurrence(everyTenSeconds, NOW + 10_000 + late, recurrence);
      expect(due?.nextAt).toBeGreaterThan(NOW + 10_000);
    }
  });
});

describe('an interval', () => {
  it('never drifts, however late it is looked at', () => {
    for (const after of [0, 1, 9_999, 10_000, 12_345_678]) {
      const next = occurrenceAfter(everyTenSeconds, NOW + after, recurrence) ?? 0;
      expect((next - NOW) % 10_000).toBe(0);
      expect(next - NOW - after).toBeGreaterThan(0);
      expect(next - NOW - after).toBeLessThanOrEqual(10_000);
    }
  });

  it('comes first one interval after its anchor, also when the clock was set back', () => {
    expect(occurrenceAfter(everyTenSeconds, NOW - HOUR_MS, recurrence)).toBe(NOW + 10_000);
  });

  it('is none without any rhythm', () => {
    expect(occurrenceAfter({ ...everyTenSeconds, intervalSeconds: null }, NOW, recurrence)).toBeNull();
  });
});

describe('a schedule that was looked at', () => {
  const full = new QueueFull(3);

  it('tells its last task, and forgets what was wrong before', () => {
    const before = refused(hourly, full, NOW, NOW + HOUR_MS);
    expect(ran(before, 'task', NOW + 5, NOW + 2 * HOUR_MS)).toMatchObject({
      ...{ lastAt: NOW + 5, lastTaskId: 'task', lastError: null, nextAt: NOW + 2 * HOUR_MS },
      version: hourly.version + 2,
    });
    expect(ran(hourly, 'task', NOW + 5).nextAt).toBe(hourly.nextAt);
  });

  it('tells why there is no task', () => {
    expect(refused(hourly, full, NOW + 5, NOW + HOUR_MS)).toMatchObject({
      ...{ nextAt: NOW + HOUR_MS, lastAt: hourly.lastAt },
      lastError: { code: 'queue.full', message: '3 tasks wait already', at: NOW + 5 },
    });
  });

  it('stays due while the queue is full, and is written once', () => {
    const held = heldUp(hourly, full, NOW + 5);
    expect(held).toMatchObject({ nextAt: NOW, lastError: { code: 'queue.full', at: NOW + 5 } });
    expect(heldUp(held, full, NOW + 900)).toBe(held);
  });

  it('has passed over what it missed', () => {
    expect(passedOver(hourly, NOW + HOUR_MS)).toEqual({
      ...hourly,
      nextAt: NOW + HOUR_MS,
      version: hourly.version + 1,
    });
  });
});
