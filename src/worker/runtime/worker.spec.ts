import { uuid } from '../../../test/support/counted-ids';
import { ManualTimers } from '../../../test/support/manual-timers';
import { ScriptedSource, workTask, type Asked } from '../../../test/support/scripted-source';
import { AttemptEnded, TaskFailure, type HandlerContext, type TaskHandler } from './task-handler';
import type { WorkEvent } from './work-event';
import { HoldEnded, SourceAway, SourceRefused } from './work-source';
import type { WorkTask } from './work-task';
import { Worker, type WorkerParts } from './worker';

const LEASE_SECONDS = 60;
const BEAT_MS = (LEASE_SECONDS * 1000) / 3;

/** Work that ends when a test says so, and how it was told to end. */
class Work {
  readonly begun: string[] = [];
  readonly ended = new Map<string, unknown>();
  private readonly running = new Map<
    string,
    { resolve: (result: unknown) => void; context: HandlerContext }
  >();
  most = 0;
  obeys = true;

  readonly handler: TaskHandler = (task, context) => {
    this.begun.push(task.id);
    return new Promise((resolve, reject) => {
      this.running.set(task.id, { resolve, context });
      this.most = Math.max(this.most, this.running.size);
      context.signal.addEventListener('abort', () => {
        this.ended.set(task.id, context.signal.reason);
        if (!this.obeys) return;
        this.running.delete(task.id);
        reject(context.signal.reason as Error);
      });
    });
  };

  tell(id: string, percent: number, message?: string): void {
    this.running.get(id)?.context.progress(percent, message);
  }

  finish(id: string, result: unknown = { done: true }): void {
    this.running.get(id)?.resolve(result);
    this.running.delete(id);
  }
}

describe('a worker', () => {
  let timers: ManualTimers;
  let source: ScriptedSource;
  let work: Work;
  let events: WorkEvent[];
  let worker: Worker;
  let run: Promise<void>;

  beforeEach(() => {
    timers = new ManualTimers();
    source = new ScriptedSource(timers);
    work = new Work();
    events = [];
  });
  afterEach(async () => {
    source.failure = null;
    const stopped = worker.stop(0);
    await timers.advance(60_000);
    await stopped;
    await run.catch(() => undefined);
    expect(timers.count).toBe(0);
  });

  const start = (changes: Partial<WorkerParts> = {}): Promise<void> => {
    worker = new Worker({
      source,
      terms: { workerId: 'worker-1', leaseSeconds: LEASE_SECONDS },
      handlerFor: () => work.handler,
      concurrency: 4,
      directories: null,
      waitSeconds: 20,
      timeoutMsOf: () => null,
      endMs: 10_000,
      timers,
      random: () => 0.5,
      onEvent: (event) => events.push(event),
      ...changes,
    });
    run = worker.run();
    run.catch(() => undefined);
    return timers.advance(0);
  };
  const task = (number: number, changes: Partial<WorkTask> = {}): WorkTask =>
    workTask({ id: uuid(number), ...changes });
  const put = (...tasks: readonly WorkTask[]): Promise<void> => {
    source.put(...tasks);
    return timers.advance(0);
  };
  const outcomes = (): unknown[] =>
    events.flatMap((event) => (event.kind === 'ended' ? [[event.task.id, event.outcome, event.reason]] : []));
  const failWhen = (what: Asked['what'], failure: () => Error): void => {
    source.failure = (asked) => (asked.what === what ? failure() : null);
  };

  it('works on as many tasks as it may at a time, and claims no more than it has room for', async () => {
    await start();
    await put(...[1, 2, 3, 4, 5, 6].map((number) => task(number)));
    expect([work.most, source.of('claim').map((asked) => asked.with)]).toEqual([4, [4]]);

    work.finish(uuid(2));
    await timers.advance(0);
    expect(work.begun).toEqual([1, 2, 3, 4, 5].map(uuid));
    expect(work.most).toBe(4);
  });

  it('works on fifty at a time when it may', async () => {
    await start({ concurrency: 50 });
    await put(...Array.from({ length: 60 }, (_, index) => task(index + 1)));

    expect(work.most).toBe(50);
  });

  it('tells the queue what a handler has returned: an object as it is, anything else as output', async () => {
    await start();
    await put(task(1), task(2), task(3));
    work.finish(uuid(1), { pages: 3 });
    work.finish(uuid(2), 'text');
    work.finish(uuid(3), null);
    await timers.advance(0);

    expect(source.of('complete').map(({ with: result }) => result)).toEqual([
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
    await start({ handlerFor: () => handler });
    await put(task(1), task(2), task(3));

    expect(source.of('fail').map(({ with: failure }) => failure)).toEqual([
      { message: 'no paper', retryable: true, result: undefined },
      { message: 'wrong size', retryable: false, result: { a: 1 } },
      { message: 'TypeError: xy', retryable: true, result: undefined },
    ]);
  });

  it('fails a task whose result the queue cannot store, and says so', async () => {
    await start();
    await put(task(1));
    work.finish(uuid(1), { text: 'x'.repeat(2 ** 20) });
    await timers.advance(0);

    const [{ with: failure } = { with: null }] = source.of('fail');
    expect(failure).toMatchObject({ retryable: false, message: expect.stringContaining('too_large') });
  });

  it('renews its leases at a third of their length', async () => {
    await start();
    await put(task(1));
    await timers.advance(3 * BEAT_MS + 5_000);

    const beats = source.of('heartbeat').map(({ at }) => Math.round(at / BEAT_MS));
    expect(beats).toEqual([1, 2, 3]);
  });

  it('sends progress at once, and of much of it the last', async () => {
    await start();
    await put(task(1));
    work.tell(uuid(1), 10, 'begun');
    await timers.advance(0);
    for (let percent = 11; percent <= 90; percent += 1) work.tell(uuid(1), percent);
    await timers.advance(1_000);
    work.tell(uuid(1), 250.4, 'nearly');
    await timers.advance(1_000);

    expect(source.of('progress').map(({ with: report }) => report)).toEqual([
      { progress: 10, message: 'begun' },
      { progress: 90 },
      { progress: 100, message: 'nearly' },
    ]);
  });

  it('tells of progress only what the queue can keep', async () => {
    await start();
    await put(task(1));
    work.tell(uuid(1), 10, `\u001b[31mfar\0 \ud800 ${'x'.repeat(2_000)}`);
    await timers.advance(0);

    const [said] = source.of('progress').map(({ with: report }) => (report as { message: string }).message);
    expect(said).toBe(`far \uFFFD ${'x'.repeat(994)}`);
  });

  it('keeps a lease whose progress the queue refuses', async () => {
    await start();
    await put(task(1));
    failWhen('progress', () => new SourceRefused('progress must be a whole number', false));
    work.tell(uuid(1), 10);
    await timers.advance(2 * LEASE_SECONDS * 1000);
    work.finish(uuid(1));
    await timers.advance(0);

    expect(source.of('progress')).toHaveLength(1);
    expect(outcomes()).toEqual([[uuid(1), 'completed', null]]);
  });

  it('ends the work of a cancelled task with the next heartbeat, and tells the queue nothing', async () => {
    await start();
    await put(task(1));
    failWhen('heartbeat', () => new HoldEnded('cancelled', 'the task was cancelled'));
    await timers.advance(BEAT_MS);

    expect(work.ended.get(uuid(1))).toMatchObject({ kind: 'cancelled' });
    expect(outcomes()).toEqual([[uuid(1), 'cancelled', 'the task was cancelled']]);
    expect([...source.of('complete'), ...source.of('fail'), ...source.of('release')]).toEqual([]);
  });

  it('ends the work of a task that somebody else has', async () => {
    await start();
    await put(task(1));
    work.tell(uuid(1), 10);
    failWhen('progress', () => new HoldEnded('lost', 'not yours'));
    await timers.advance(0);

    expect(outcomes()).toEqual([[uuid(1), 'lost', 'not yours']]);
  });

  it('goes on through a short silence of the service', async () => {
    await start();
    await put(task(1));
    failWhen('heartbeat', () => new SourceAway('away'));
    await timers.advance(BEAT_MS + 15_000);
    source.failure = null;
    await timers.advance(BEAT_MS);
    work.finish(uuid(1));
    await timers.advance(0);

    expect(outcomes()).toEqual([[uuid(1), 'completed', null]]);
  });

  it('ends the work when the lease has run out in a long silence: somebody else may have the task', async () => {
    await start();
    await put(task(1));
    failWhen('heartbeat', () => new SourceAway('away'));
    await timers.advance(LEASE_SECONDS * 1000 - 1);
    expect(work.ended.size).toBe(0);
    await timers.advance(1);

    expect(work.ended.get(uuid(1))).toBeInstanceOf(AttemptEnded);
    expect(outcomes()).toEqual([[uuid(1), 'lost', expect.stringContaining('the lease ran out')]]);
  });

  it('fails a task whose time is over, and one that takes longer than any may', async () => {
    await start({ timeoutMsOf: () => 30_000 });
    await put(task(1, { timeoutSeconds: 5 }), task(2, { timeoutSeconds: 600 }), task(3));
    await timers.advance(5_000);
    expect(outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);

    await timers.advance(25_000);
    expect(outcomes().slice(1)).toEqual([
      [uuid(2), 'timed_out', 'timed out after 30 s'],
      [uuid(3), 'timed_out', 'timed out after 30 s'],
    ]);
    expect(source.of('fail')).toHaveLength(3);
  });

  it('does not mind when the service has timed a task out first', async () => {
    await start();
    await put(task(1, { timeoutSeconds: 5 }));
    failWhen('fail', () => new HoldEnded('lost', 'it is failed'));
    await timers.advance(5_000);

    expect(outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);
  });

  it('does not wait for ever for work that does not end', async () => {
    work.obeys = false;
    await start();
    await put(task(1, { timeoutSeconds: 5 }));
    await timers.advance(5_000 + 10_000);

    expect(events).toContainEqual(expect.objectContaining({ kind: 'abandoned' }));
    expect(outcomes()).toEqual([[uuid(1), 'timed_out', 'timed out after 5 s']]);
    expect(worker.running).toBe(0);
  });

  it('tells the queue how work has ended until it is heard', async () => {
    await start();
    await put(task(1));
    failWhen('complete', () => new SourceAway('away'));
    work.finish(uuid(1), { done: true });
    await timers.advance(45_000);
    expect(outcomes()).toEqual([]);

    source.failure = null;
    await timers.advance(15_000);
    expect(outcomes()).toEqual([[uuid(1), 'completed', null]]);
    expect(source.of('complete').length).toBeLessThan(15);
  });

  it('says of a result that the queue refuses that the task has failed', async () => {
    await start();
    await put(task(1));
    failWhen('complete', () => new SourceRefused('too long', false));
    work.finish(uuid(1));
    await timers.advance(0);

    expect(source.of('fail')).toMatchObject([{ with: { message: expect.stringContaining('too long') } }]);
  });

  it('asks a service that is away later and later, never before it said, and says so once', async () => {
    failWhen('claim', () => new SourceAway('connection refused'));
    await start();
    await timers.advance(60_000);
    const times = source.of('claim').map(({ at }) => at);
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(waits).toEqual([...waits].sort((left, right) => left - right));
    expect(times.length).toBeLessThan(12);

    failWhen('claim', () => new SourceAway('too many requests', 90_000));
    await timers.advance(20_000);
    const count = source.of('claim').length;
    await timers.advance(80_000);
    expect(source.of('claim')).toHaveLength(count);

    source.failure = null;
    await timers.advance(90_000);
    expect(events.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });

  it('does not ask again and again when claims are not waited for', async () => {
    source.waits = false;
    await start();
    await timers.advance(60_000);

    expect(source.of('claim').length).toBeLessThanOrEqual(61);
  });

  it('asks once while it waits for work', async () => {
    await start();
    await timers.advance(60_000);

    expect(source.of('claim')).toHaveLength(4);
  });

  it('ends when the service refuses it, and ends what it works on', async () => {
    await start();
    await put(task(1));
    failWhen('claim', () => new SourceRefused('no key', true));
    await timers.advance(20_000);

    await expect(run).rejects.toThrow('no key');
    expect(outcomes()).toEqual([[uuid(1), 'released', 'the worker stops']]);
  });

  describe('told to stop', () => {
    it('claims nothing more, and lets work come to its end', async () => {
      await start();
      await put(task(1));
      const stopped = worker.stop(30_000);
      await timers.advance(10_000);
      source.put(task(2));
      work.finish(uuid(1));
      await timers.advance(0);
      await stopped;

      expect(outcomes()).toEqual([[uuid(1), 'completed', null]]);
      expect(work.begun).toEqual([uuid(1)]);
      await run;
    });

    it('gives back what does not end in time', async () => {
      await start();
      await put(task(1), task(2));
      const stopped = worker.stop(30_000);
      await timers.advance(30_000);
      await stopped;

      expect(source.of('release').map(({ id, with: reason }) => [id, reason])).toEqual([
        [uuid(1), 'the worker stops'],
        [uuid(2), 'the worker stops'],
      ]);
    });

    it('keeps what was done in the last moment', async () => {
      const handler: TaskHandler = (_task, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: true })));
      await start({ handlerFor: () => handler });
      await put(task(1));
      await worker.stop(0);

      expect(outcomes()).toEqual([[uuid(1), 'completed', null]]);
    });

    it('stops at once when it is told again', async () => {
      await start();
      await put(task(1));
      const patient = worker.stop(30_000);
      await worker.stop(0);
      await patient;

      expect(outcomes()).toEqual([[uuid(1), 'released', 'the worker stops']]);
    });

    it('does not wait for ever for a service that is away', async () => {
      await start();
      await put(task(1));
      failWhen('release', () => new SourceAway('away'));
      const stopped = worker.stop(0);
      await timers.advance(20_000);
      await stopped;

      expect(outcomes()).toEqual([[uuid(1), 'unreported', 'away']]);
    });
  });

  describe('with one task of a directory at a time', () => {
    const directories = { perDirectory: 1, nameOf: (path: string) => path, locks: null };

    it('works on one of each, in the order of their claims', async () => {
      await start({ directories });
      await put(
        task(1, { workDirectory: '/srv/a' }),
        task(2, { workDirectory: '/srv/a' }),
        task(3, { workDirectory: '/srv/b' }),
        task(4),
      );
      expect(work.begun).toEqual([4, 1, 3].map(uuid));

      work.finish(uuid(1));
      await timers.advance(0);
      expect(work.begun).toEqual([4, 1, 3, 2].map(uuid));
    });

    it('claims on for other directories, but not without an end', async () => {
      await start({ directories, concurrency: 2 });
      await put(...[1, 2, 3, 4, 5, 6].map((number) => task(number, { workDirectory: '/srv/a' })));
      for (let turn = 0; turn < 20; turn += 1) await timers.advance(0);
      expect([work.most, worker.running]).toEqual([1, 4]);
    });

    it('keeps the leases of tasks that wait for their directory', async () => {
      await start({ directories });
      await put(task(1, { workDirectory: '/srv/a' }), task(2, { workDirectory: '/srv/a' }));
      await timers.advance(BEAT_MS);

      expect(source.of('heartbeat').map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
    });

    it('waits for the other workers of the machine, and gives up with the attempt', async () => {
      const acquire = (_directory: string, signal: AbortSignal): Promise<() => void> =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        );
      await start({ directories: { ...directories, locks: { acquire } } });
      await put(task(1, { workDirectory: '/srv/a' }));
      expect(work.begun).toEqual([]);

      failWhen('heartbeat', () => new HoldEnded('cancelled', 'the task was cancelled'));
      await timers.advance(BEAT_MS);
      expect(outcomes()).toEqual([[uuid(1), 'cancelled', 'the task was cancelled']]);
    });
  });
});
