import { Pulses } from '@task/application';
import { ManualCommits } from '../../../../test/support/manual-commits';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { EventAlarm } from './event-alarm';

describe('EventAlarm', () => {
  let commits: ManualCommits;
  let timers: ManualTimers;
  let alarm: EventAlarm;
  let woken: string[];

  beforeEach(() => {
    commits = new ManualCommits();
    timers = new ManualTimers();
    alarm = new EventAlarm(commits, timers, new Pulses());
    woken = [];
  });

  const sleep = (name: string, after = alarm.round): (() => void) =>
    alarm.wake(after, () => void woken.push(name));

  it('wakes all that sleep, once, soon after events were written', async () => {
    sleep('a');
    sleep('b');
    commits.publish({ lastEventId: 1 });
    expect(woken).toEqual([]);
    await timers.advance(10);
    expect(woken).toEqual(['a', 'b']);
    commits.publish({ lastEventId: 2 });
    await timers.advance(1_000);
    expect(woken).toEqual(['a', 'b']);
  });

  it('tells many commits together', async () => {
    sleep('a');
    for (let id = 1; id <= 100; id += 1) commits.publish({ lastEventId: id });
    expect(timers.count).toBe(1);
    await timers.advance(10);
    expect(woken).toEqual(['a']);
  });

  it('does nothing for a commit without events, and nothing between events', async () => {
    sleep('a');
    commits.publish({ scheduledFor: 1 });
    expect(timers.count).toBe(0);
    await timers.advance(60_000);
    expect(woken).toEqual([]);
  });

  it('sets no timer while nobody sleeps', () => {
    commits.publish({ lastEventId: 1 });
    expect(timers.count).toBe(0);
  });

  it('wakes who begins to sleep after events were written that it has not seen', async () => {
    const { round } = alarm;
    commits.publish({ lastEventId: 1 });
    sleep('late', round);
    await timers.advance(10);
    expect(woken).toEqual(['late']);
  });

  it('does not wake who has stopped waiting', async () => {
    const stop = sleep('a');
    sleep('b');
    stop();
    commits.publish({ lastEventId: 1 });
    await timers.advance(10);
    expect(woken).toEqual(['b']);
  });

  it('takes more time for many', async () => {
    for (let count = 0; count < 500; count += 1) sleep('a');
    commits.publish({ lastEventId: 1 });
    await timers.advance(99);
    expect(woken).toEqual([]);
    await timers.advance(1);
    expect(woken).toHaveLength(500);
  });
});
