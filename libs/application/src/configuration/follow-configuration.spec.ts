import { ManualTimers } from '../../../../test/support/manual-timers';
import { FollowConfiguration } from './follow-configuration';

describe('FollowConfiguration', () => {
  let timers: ManualTimers;
  let looks: number;
  let problems: string[];
  let fails: string | null;
  let stored: Set<() => void>;
  let follow: FollowConfiguration;

  beforeEach(() => {
    timers = new ManualTimers();
    looks = 0;
    stored = new Set();
    problems = [];
    fails = null;
    const takeIn = async (): Promise<void> => {
      looks += 1;
      if (fails !== null) throw new Error(fails);
    };
    const watch = (listener: () => void): (() => void) => {
      stored.add(listener);
      return () => stored.delete(listener);
    };
    follow = new FollowConfiguration({ takeIn }, { watch }, timers, ({ message }) => problems.push(message));
  });

  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second += 1) await timers.advance(1_000);
  };

  it('looks every second, and not before the first', async () => {
    follow.start();
    expect(looks).toBe(0);
    await seconds(3);
    expect(looks).toBe(3);
  });

  it('looks at once when it is told, and goes on as before', async () => {
    follow.start();
    for (const tell of stored) tell();
    expect(looks).toBe(1);
    await seconds(2);
    expect(looks).toBe(3);
  });

  it('looks no more when it was stopped', async () => {
    follow.start();
    await seconds(1);
    follow.stop();
    await seconds(3);
    expect([looks, stored.size]).toEqual([1, 0]);
  });

  it('goes on when a look fails, and tells each thing that is wrong once', async () => {
    follow.start();
    fails = 'LOG_LEVEL is wrong';
    await seconds(3);
    fails = null;
    await seconds(1);
    fails = 'LOG_LEVEL is wrong';
    await seconds(1);
    expect(looks).toBe(5);
    expect(problems).toEqual(['LOG_LEVEL is wrong', 'LOG_LEVEL is wrong']);
  });
});
