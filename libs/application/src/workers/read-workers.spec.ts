import { WorkerDirectory, type WorkerRecord } from '../ports/worker-directory';
import { ReadWorkers } from './read-workers';

const WORKER: WorkerRecord = {
  ...{ workerId: 'w', firstSeen: 1, lastSeen: 2, claimed: 3, completed: 1, failed: 1, lost: 1 },
  ...{ processingMs: 5, holds: [] },
};

class OneWorker extends WorkerDirectory {
  readonly asked: (readonly number[])[] = [];

  override list(limit: number, offset: number): Promise<{ workers: readonly WorkerRecord[]; total: number }> {
    this.asked.push([limit, offset]);
    return Promise.resolve({ workers: [WORKER], total: 1 });
  }

  override find(workerId: string): Promise<WorkerRecord | null> {
    return Promise.resolve(workerId === WORKER.workerId ? WORKER : null);
  }
}

describe('ReadWorkers', () => {
  it('reads a page of them', async () => {
    const directory = new OneWorker();
    expect(await new ReadWorkers(directory).list(10, 20)).toEqual({ workers: [WORKER], total: 1 });
    expect(directory.asked).toEqual([[10, 20]]);
  });

  it('reads one by its name, or null', async () => {
    const workers = new ReadWorkers(new OneWorker());
    expect([await workers.find('w'), await workers.find('unheard of')]).toEqual([WORKER, null]);
  });
});
