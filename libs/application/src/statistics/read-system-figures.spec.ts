import { NOW } from '../../../../test/support/builders';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { KnownTypes, typeCount } from '../../../../test/support/known-types';
import { KnownWorkers } from '../../../../test/support/known-workers';
import type { Moment } from '../ports/statistics';
import { ReadSystemFigures } from './read-system-figures';
import { ReadTaskFigures } from './read-task-figures';
import { memoryGuard } from '../../../../test/support/told-memory';

const MINUTE = 60_000;
const moment = (at: number, completed: number): Moment => ({
  ...{ at, completed, created: 0, claimed: 0, failed: 0, cancelled: 0, retried: 0, processingMs: 0 },
});

describe('ReadSystemFigures', () => {
  const read = (
    happened: readonly Moment[],
    intoMinuteMs = 30_000,
  ): ReturnType<ReadSystemFigures['execute']> => {
    const types = new KnownTypes([typeCount('ocr', { waiting: 7 })], happened);
    const clock = new FixedClock();
    clock.advance(intoMinuteMs);
    const figures = new ReadTaskFigures(types, memoryGuard());
    return new ReadSystemFigures(types, new KnownWorkers(), figures, clock).execute(MINUTE);
  };

  it('tells tasks completed a minute over the last five, the running one as far as it has come', async () => {
    const happened = [moment(NOW - 5 * MINUTE, 100), moment(NOW - 4 * MINUTE, 6), moment(NOW, 3)];
    expect((await read(happened)).completedPerMinute).toBe(2);
    expect((await read(happened, 0)).completedPerMinute).toBe(9 / 4);
  });

  it('tells everything else as it is', async () => {
    expect(await read([])).toMatchObject({
      counts: { known: 0, alive: 0, busy: 0 },
      workers: [],
      completedPerMinute: 0,
      tasks: { total: 7 },
      aliveSince: NOW + 30_000 - MINUTE,
    });
  });
});
