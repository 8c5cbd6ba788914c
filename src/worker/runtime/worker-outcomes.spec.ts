import { uuid } from '../../../test/support/counted-ids';
import { task, TestWorker } from '../../../test/support/test-worker';
import { TaskFailure, type TaskHandler } from './task-handler';
import { SourceAway, SourceRefused } from './work-source';

describe('a worker', () => {
  let worker: TestWorker;

  beforeEach(() => {
    worker = new TestWorker();
  });
  afterEach(() => worker.end());

  it('tells the queue what a handler has returned: an object as it is, anything else as output', async () => {
    await worker.start();
    await worker.put(task(1), task(2), task(3));
    worker.work.finish(uuid(1), { pages: 3 });
    worker.work.finish(uuid(2), 'text');
    worker.work.finish(uuid(3), null);
    await worker.timers.advance(0);

    expect(worker.source.of('complete').map(({ with: result }) => result)).toEqual([
      { pages: 3 },
      { output: 'text' },
      undefined,
    ]);
  });

  it('tells the queue why a handler has failed, and whether trying again can help', async () => {
    const left = [
      new Error('no paper'),
      new TaskFailure('wrong size', { retryable: false, result: { a: 1 } }),
      new TypeError('x\0y'),
    ];
    const handler: TaskHandler = () => Promise.reject(left.shift() ?? new Error('asked too often'));
    await worker.start({ handlerFor: () => handler });
    await worker.put(task(1), task(2), task(3));

    expect(worker.source.of('fail').map(({ with: failure }) => failure)).toEqual([
      { message: 'no paper', retryable: true, result: undefined },
      { message: 'wrong size', retryable: false, result: { a: 1 } },
      { message: 'TypeError: xy', retryable: true, result: undefined },
    ]);
  });

  it('takes a result that says so for a failure, as the queue does', async () => {
    const result = { status: 'failed', error: 'no disk', pages: 3 };
    await worker.start();
    await worker.put(task(1), task(2));
    worker.work.finish(uuid(1), result);
    worker.work.finish(uuid(2), { status: 'failed' });
    await worker.timers.advance(0);

    expect(worker.source.of('fail').map(({ with: failure }) => failure)).toEqual([
      { message: 'no disk', retryable: true, result },
      {
        message: 'the worker reported a failure without an error',
        retryable: true,
        result: { status: 'failed' },
      },
    ]);
    expect(worker.source.of('complete')).toEqual([]);
    expect(worker.outcomes()).toEqual([
      [uuid(1), 'failed', 'no disk'],
      [uuid(2), 'failed', 'the worker reported a failure without an error'],
    ]);
    // What a handler has written does not go into a log.
    expect(worker.events.at(-1)).toMatchObject({ summary: 'the result says that it is a failure' });
  });

  it('fails a task whose result the queue cannot store, and says so', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.work.finish(uuid(1), { text: 'x'.repeat(2 ** 20) });
    await worker.timers.advance(0);

    const [{ with: failure } = { with: null }] = worker.source.of('fail');
    expect(failure).toMatchObject({ retryable: false, message: expect.stringContaining('too_large') });
  });

  it('tells the queue how work has ended until it is heard', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('complete', () => new SourceAway('away'));
    worker.work.finish(uuid(1), { done: true });
    await worker.timers.advance(45_000);
    expect(worker.outcomes()).toEqual([]);

    worker.source.failure = null;
    await worker.timers.advance(15_000);
    expect(worker.outcomes()).toEqual([[uuid(1), 'completed', null]]);
    expect(worker.source.of('complete').length).toBeLessThan(15);
  });

  it('says of a result that the queue refuses that the task has failed', async () => {
    await worker.start();
    await worker.put(task(1));
    worker.failWhen('complete', () => new SourceRefused('too long', false));
    worker.work.finish(uuid(1));
    await worker.timers.advance(0);

    expect(worker.source.of('fail')).toMatchObject([
      { with: { message: expect.stringContaining('too long') } },
    ]);
  });
});
