import { uuid } from '../../../test/support/counted-ids';
import { BEAT_MS, LEASE_MS, task, TestWorker } from '../../../test/support/test-worker';
import { SourceAway, SourceRefused } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  it('renews its leases at a third of their length', async () => {
    await worker.start();
    await worker.put(task(1));
    await worker.timers.advance(3 * BEAT_MS + 5_000);

    const beats = worker.source.of('heartbeat').map(({ at }) => Math.round(at / BEAT_MS));
    expect(beats).toEqual([1, 2, 3]);
  });

  it('sends progress at once, and of much of it the last', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.work.tell(uuid(1), 10, 'begun');
    await worker.timers.advance(0);
    for (let percent = 11; percent <= 90; percent += 1) worker.work.tell(uuid(1), percent);
    await worker.timers.advance(1_000);
    worker.work.tell(uuid(1), 250.4, 'nearly');
    await worker.timers.advance(1_000);

    expect(worker.source.of('progress').map(({ with: report }) => report)).toEqual([
      { progress: 10, message: 'begun' },
      { progress: 90 },
      { progress: 100, message: 'nearly' },
    ]);
  });

  it('tells of progress only what the queue can keep', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.work.tell(uuid(1), 10, `\u001b[31mfar\0 \ud800 ${'x'.repeat(2_000)}`);
    await worker.timers.advance(0);

    const [said] = worker.source
      .of('progress')
      .map(({ with: report }) => (report as { message: string }).message);
    expect(said).toBe(`far \uFFFD ${'x'.repeat(994)}`);
  });

  it('keeps a lease whose progress the queue refuses', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('progress', () => new SourceRefused('progress must be a whole number', false));
    worker.work.tell(uuid(1), 10);
    await worker.timers.advance(2 * LEASE_MS);
    worker.work.finish(uuid(1));
    await worker.timers.advance(0);

    expect(worker.source.of('progress')).toHaveLength(1);
    expect(worker.outcomes()).toEqual([[uuid(1), 'completed', null]]);
  });

  it('goes on through a short silence of the service', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('heartbeat', () => new SourceAway('away'));
    await worker.timers.advance(BEAT_MS + 15_000);
    worker.source.failure = null;
    await worker.timers.advance(BEAT_MS);
    worker.work.finish(uuid(1));
    await worker.timers.advance(0);

    expect(worker.outcomes()).toEqual([[uuid(1), 'completed', null]]);
  });
});
