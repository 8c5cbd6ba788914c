import { uuid } from '../../../test/support/counted-ids';
import { BEAT_MS, LEASE_MS, task, TestWorker } from '../../../test/support/test-worker';
import { AttemptEnded } from './task-handler';
import { HoldEnded, SourceAway } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  it('ends the work of a cancelled task with the next heartbeat, and tells the queue nothing', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('heartbeat', () => new HoldEnded('cancelled', 'the task was cancelled'));
    await worker.timers.advance(BEAT_MS);

    expect(worker.work.ended.get(uuid(1))).toMatchObject({ kind: 'cancelled' });
    expect(worker.outcomes()).toEqual([[uuid(1), 'cancelled', 'the task was cancelled']]);
    expect([
      ...worker.source.of('complete'),
      ...worker.source.of('fail'),
      ...worker.source.of('release'),
    ]).toEqual([]);
  });

  it('ends the work of a task that somebody else has', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.work.tell(uuid(1), 10);
    worker.failWhen('progress', () => new HoldEnded('lost', 'not yours'));
    await worker.timers.advance(0);

    expect(worker.outcomes()).toEqual([[uuid(1), 'lost', 'not yours']]);
  });

  it('ends the work when the lease has run out in a long silence: somebody else may have the task', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('heartbeat', () => new SourceAway('away'));
    await worker.timers.advance(LEASE_MS - 1);
    expect(worker.work.ended.size).toBe(0);
    await worker.timers.advance(1);

    expect(worker.work.ended.get(uuid(1))).toBeInstanceOf(AttemptEnded);
    expect(worker.outcomes()).toEqual([[uuid(1), 'lost', expect.stringContaining('the lease ran out')]]);
  });

  it('fails a task whose time is over, and one that takes longer than any may', async () => {
    await worker.start({ timeoutMsOf: () => 30_000 });
    await worker.put(task(1, { timeoutSeconds: 5 }), task(2, { timeoutSeconds: 600 }), task(3));
    await worker.timers.advance(5_000);
    expect(worker.outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);

    await worker.timers.advance(25_000);
    expect(worker.outcomes().slice(1)).toEqual([
      [uuid(2), 'timed_out', 'timed out after 30 s'],
      [uuid(3), 'timed_out', 'timed out after 30 s'],
    ]);
    expect(worker.source.of('fail')).toHaveLength(3);
  });

  it('does not mind when the service has timed a task out first', async () => {
    await worker.start();
    await worker.put(task(1, { timeoutSeconds: 5 }));
    worker.failWhen('fail', () => new HoldEnded('lost', 'it is failed'));
    await worker.timers.advance(5_000);

    expect(worker.outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);
  });

  it('does not wait for ever for work that does not end', async () => {
    worker.work.obeys = false;
    await worker.start();
    await worker.put(task(1, { timeoutSeconds: 5 }));
    await worker.timers.advance(5_000 + 10_000);

    expect(worker.events).toContainEqual(expect.objectContaining({ kind: 'abandoned' }));
    expect(worker.outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);
    expect(worker.running).toBe(0);
  });
});
