import { NOW, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { ForeseeTask } from './foresee-task';
import type { ReadPace } from './read-pace';

class ThirdInLine extends DecidingStore {
  override placeInLine(): Promise<number> {
    return Promise.resolve(3);
  }
}

describe('ForeseeTask', () => {
  const pace = { execute: () => Promise.resolve({ meanMs: 10_000, workersAlive: 2 }) };
  const foresee = new ForeseeTask(new ThirdInLine(), pace as unknown as ReadPace, new FixedClock());

  it('tells the place of a waiting task, and when it is expected to be completed', async () => {
    expect(await foresee.execute(taskIn('waiting'), 60_000)).toEqual({
      placeInLine: 3,
      expectedAt: NOW + 20_000,
    });
  });

  it('tells no place of a task that is worked on', async () => {
    expect(await foresee.execute(taskIn('working'), 60_000)).toEqual({
      placeInLine: 0,
      expectedAt: NOW + 10_000,
    });
  });

  it.each(['completed', 'failed', 'cancelled'] as const)(
    'tells nothing of a task that is %s',
    async (status) => {
      expect(await foresee.execute(taskIn(status), 60_000)).toEqual({ placeInLine: 0, expectedAt: null });
    },
  );
});
