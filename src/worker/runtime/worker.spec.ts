import { uuid } from '../../../test/support/counted-ids';
import { task, TestWorker } from '../../../test/support/test-worker';
import { SourceAway, SourceRefused } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  it('works on as many tasks as it may at a time, and claims no more than it has room for', async () => {
    await worker.start();
    await worker.put(...[1, 2, 3, 4, 5, 6].map((number) => task(number)));
    expect([worker.work.most, worker.source.of('claim').map((asked) => asked.with)]).toEqual([4, [4]]);

    worker.work.finish(uuid(2));
    await worker.timers.advance(0);
    expect(worker.work.begun).toEqual([1, 2, 3, 4, 5].map(uuid));
    expect(worker.work.most).toBe(4);
  });

  it('works on fifty at a time when it may', async () => {
    await worker.start({ concurrency: 50 });
    await worker.put(...Array.from({ length: 60 }, (_, index) => task(index + 1)));

    expect(worker.work.most).toBe(50);
  });

  it('asks a service that is away later and later, never before it said, and says so once', async () => {
    worker.failWhen('claim', () => new SourceAway('connection refused'));
    await worker.start();
    await worker.timers.advance(60_000);
    const times = worker.source.of('claim').map(({ at }) => at);
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(waits).toEqual([...waits].sort((left, right) => left - right));
    expect(times.length).toBeLessThan(12);

    worker.failWhen('claim', () => new SourceAway('too many requests', 90_000));
    await worker.timers.advance(20_000);
    const count = worker.source.of('claim').length;
    await worker.timers.advance(80_000);
    expect(worker.source.of('claim')).toHaveLength(count);

    worker.source.failure = null;
    await worker.timers.advance(90_000);
    expect(worker.events.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });

  it('does not ask again and again when claims are not waited for', async () => {
    worker.source.waits = false;
    await worker.start();
    await worker.timers.advance(60_000);

    expect(worker.source.of('claim').length).toBeLessThanOrEqual(61);
  });

  it('asks once while it waits for work', async () => {
    await worker.start();
    await worker.timers.advance(60_000);

    expect(worker.source.of('claim')).toHaveLength(4);
  });

  it('ends when the service refuses it, and ends what it works on', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('claim', () => new SourceRefused('no key', true));
    await worker.timers.advance(20_000);

    await expect(worker.run).rejects.toThrow('no key');
    expect(worker.outcomes()).toEqual([[uuid(1), 'released', 'the worker stops']]);
  });
});
