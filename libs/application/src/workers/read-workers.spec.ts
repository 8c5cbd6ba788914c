import type { WorkerRecord } from '../ports/worker-directory';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ReadWorkers } from './read-workers';

const WORKER: WorkerRecord = {
  ...{ workerId: 'w', firstSeen: 1, lastSeen: 2, claimed: 3, completed: 1, failed: 1, lost: 1 },
  ...{ processingMs: 5, holds: [] },
};

describe('ReadWorkers', () => {
  it('reads a page of them', async () => {
    const directory = new KnownWorkers([WORKER]);
    expect(await new ReadWorkers(directory).list(10, 20)).toEqual({ workers: [WORKER], total: 1 });
    expect(directory.asked).toEqual([[10, 20]]);
  });

  it('reads one by its name, or null', async () => {
    const workers = new ReadWorkers(new KnownWorkers([WORKER]));
    expect([await workers.find('w'), await workers.find('unheard of')]).toEqual([WORKER, null]);
  });
});
