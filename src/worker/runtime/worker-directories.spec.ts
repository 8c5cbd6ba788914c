import { uuid } from '../../../test/support/counted-ids';
import { BEAT_MS, task, TestWorker } from '../../../test/support/test-worker';
import { HoldEnded } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  describe('with one task of a directory at a time', () => {
    const directories = { perDirectory: 1, nameOf: (path: string) => path, locks: null };

    it('works on one of each, in the order of their claims', async () => {
      await worker.start({ directories });
      await worker.put(
        task(1, { workDirectory: '/srv/a' }),
        task(2, { workDirectory: '/srv/a' }),
        task(3, { workDirectory: '/srv/b' }),
        task(4),
      );
      expect(worker.work.begun).toEqual([4, 1, 3].map(uuid));

      worker.work.finish(uuid(1));
      await worker.timers.advance(0);
      expect(worker.work.begun).toEqual([4, 1, 3, 2].map(uuid));
    });

    it('claims on for other directories, but not without an end', async () => {
      await worker.start({ directories, concurrency: 2 });
      await worker.put(...[1, 2, 3, 4, 5, 6].map((number) => task(number, { workDirectory: '/srv/a' })));
      for (let turn = 0; turn < 20; turn += 1) await worker.timers.advance(0);
      expect([worker.work.most, worker.running]).toEqual([1, 4]);
    });

    it('keeps the leases of tasks that wait for their directory', async () => {
      await worker.start({ directories });
      await worker.put(task(1, { workDirectory: '/srv/a' }), task(2, { workDirectory: '/srv/a' }));
      await worker.timers.advance(BEAT_MS);

      expect(worker.source.of('heartbeat').map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
    });

    it('waits for the other workers of the machine, and gives up with the attempt', async () => {
      const acquire = (_directory: string, signal: AbortSignal): Promise<() => void> =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        );
      await worker.start({ directories: { ...directories, locks: { acquire } } });
      await worker.put(task(1, { workDirectory: '/srv/a' }));
      expect(worker.work.begun).toEqual([]);

      worker.failWhen('heartbeat', () => new HoldEnded('cancelled', 'the task was cancelled'));
      await worker.timers.advance(BEAT_MS);
      expect(worker.outcomes()).toEqual([[uuid(1), 'cancelled', 'the task was cancelled']]);
    });
  });
});
