import { uuid } from '../../../test/support/counted-ids';
import { task, TestWorker } from '../../../test/support/test-worker';
import { type TaskHandler } from './task-handler';
import { SourceAway } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  describe('told to stop', () => {
    it('claims nothing more, and lets work come to its end', async () => {
      await worker.start();
      await worker.put(task(1));
      const stopped = worker.stop(30_000);
      await worker.timers.advance(10_000);
      worker.source.put(task(2));
      worker.work.finish(uuid(1));
      await worker.timers.advance(0);
      await stopped;

      expect(worker.outcomes()).toEqual([[uuid(1), 'completed', null]]);
      expect(worker.work.begun).toEqual([uuid(1)]);
      await worker.run;
    });

    it('gives back what does not end in time', async () => {
      await worker.start();
      await worker.put(task(1), task(2));
      const stopped = worker.stop(30_000);
      await worker.timers.advance(30_000);
      await stopped;

      expect(worker.source.of('release').map(({ id, with: reason }) => [id, reason])).toEqual([
        [uuid(1), 'the worker stops'],
        [uuid(2), 'the worker stops'],
      ]);
    });

    it('keeps what was done in the last moment', async () => {
      const handler: TaskHandler = (_task, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: true })));
      await worker.start({ handlerFor: () => handler });
      await worker.put(task(1));
      await worker.stop(0);

      expect(worker.outcomes()).toEqual([[uuid(1), 'completed', null]]);
    });

    it('stops at once when it is told again', async () => {
      await worker.start();
      await worker.put(task(1));
      const patient = worker.stop(30_000);
      await worker.stop(0);
      await patient;

      expect(worker.outcomes()).toEqual([[uuid(1), 'released', 'the worker stops']]);
    });

    it('lets the one task come to its end that it was to work on', async () => {
      worker.source.put(task(1));
      await worker.startOnce();
      const stopped = worker.stop(30_000);
      await worker.timers.advance(10_000);
      worker.work.finish(uuid(1));
      await stopped;

      expect(await worker.run).toBe('completed');
    });

    it('gives the one task back when it is told again', async () => {
      worker.source.put(task(1));
      await worker.startOnce();
      const patient = worker.stop(30_000);
      await worker.stop(0);
      await patient;

      expect(await worker.run).toBe('released');
    });

    it('has found nothing when it was still looking for the one task', async () => {
      const looking = worker.startOnce();
      await worker.stop(0);
      await looking;

      expect(await worker.run).toBeNull();
    });

    it('does not wait for ever for a service that is away', async () => {
      await worker.start();
      await worker.put(task(1));
      worker.failWhen('release', () => new SourceAway('away'));
      const stopped = worker.stop(0);
      await worker.timers.advance(20_000);
      await stopped;

      expect(worker.outcomes()).toEqual([[uuid(1), 'unreported', 'away']]);
    });
  });
});
