import { JsonDocument, type Task, type TaskStatus } from '@task/domain';
import { RETRY } from '../../support/builders';
import type { Subject } from '../subject';

/** A row without its times and ids: `claim waiting → working v2 a1 worker-1 {…}`. */
async function told({ queue }: Subject, task: Task): Promise<string[]> {
  return (await queue.history(task)).map(({ command, from, to, version, attempt, workerId, details }) =>
    [
      `${command} ${from ?? '·'} → ${to} v${version} a${attempt}`,
      workerId,
      details && JSON.stringify(details),
    ]
      .filter((part) => part !== null)
      .join(' '),
  );
}

const CREATED = 'create · → waiting v1 a0';
const CLAIMED = 'claim waiting → working v2 a1 worker-1';

export function describeLifecycle(subject: () => Subject): void {
  /** The task as it is stored, after a look that what was answered is what is stored. */
  const stored = async (answered: Task): Promise<Task> => {
    const task = await subject().queue.stored(answered);
    expect(task.state).toEqual(answered.state);
    return task;
  };
  const working = async (changes: Parameters<Subject['queue']['create']>[0] = {}): Promise<Task> => {
    const { queue } = subject();
    await queue.create(changes);
    return queue.claimed();
  };

  describe('a task’s life', () => {
    it('is created, claimed and completed', async () => {
      const { queue } = subject();
      const task = await stored(await queue.complete(await working(), JsonDocument.of({ lines: 3 })));
      expect(task.state).toMatchObject({ status: 'completed', version: 3, result: { text: '{"lines":3}' } });
      expect(task.state.lease).toMatchObject({ endedBy: 'complete', progress: 100 });
      expect(await told(subject(), task)).toEqual([
        CREATED,
        CLAIMED,
        'complete working → completed v3 a1 worker-1',
      ]);
    });

    it('fails, is retried, and fails for good', async () => {
      const { queue } = subject();
      const failed = await stored(
        await queue.fail(await working({ maxRetries: 1 }), { errorMessage: 'no disk' }),
      );
      expect(failed.state).toMatchObject({ status: 'failed', errorMessage: 'no disk', retryCount: 0 });
      const waiting = await stored(await queue.retry(failed));
      expect(waiting.state).toMatchObject({
        status: 'waiting',
        gate: 'ready',
        retryCount: 1,
        startedAt: null,
      });
      expect(waiting.state.lastRetryAt).toBe(waiting.state.updatedAt);
      const task = await stored(
        await queue.fail(await queue.claimed({}, { workerId: null }), { errorMessage: 'again' }),
      );
      expect(await told(subject(), task)).toEqual([
        CREATED,
        CLAIMED,
        'fail working → failed v3 a1 worker-1 {"reason":"no disk"}',
        'retry failed → waiting v4 a1 worker-1 {"retry":1}',
        'claim waiting → working v5 a2',
        'fail working → failed v6 a2 {"reason":"again"}',
      ]);
    });

    it('goes back by itself after a failure, later and later, and is not claimable before', async () => {
      const { queue } = subject();
      const failed = await stored(await queue.fail(await working({ autoRetry: true })));
      const { updatedAt } = failed.state;
      expect(failed.state).toMatchObject({
        ...{ status: 'waiting', gate: 'scheduled', retryCount: 1, errorMessage: 'out of memory' },
        ...{ availableAt: updatedAt + 3_750, lastRetryAt: updatedAt },
      });
      expect(await queue.claim()).toBeNull();
      expect((await told(subject(), failed)).at(-1)).toBe(
        'fail working → waiting v3 a1 worker-1 {"reason":"out of memory","retry":1}',
      );
    });

    it('is given back', async () => {
      const { queue } = subject();
      const task = await stored(await queue.release(await working(), 'wrong machine'));
      expect(task.state).toMatchObject({ status: 'waiting', gate: 'ready', retryCount: 0, startedAt: null });
      expect((await told(subject(), task)).at(-1)).toBe(
        'release working → waiting v3 a1 worker-1 {"reason":"wrong machine"}',
      );
    });

    it('is cancelled while it waits, works, or has failed', async () => {
      const { queue } = subject();
      const waiting = await stored(await queue.cancel(await queue.create(), 'not needed', false));
      const held = await stored(await queue.cancel(await working(), '不需要'));
      const failed = await stored(await queue.cancel(await queue.fail(await working())));
      expect(waiting.state).toMatchObject({ cancelReason: 'not needed', lease: null, gate: null });
      expect(held.state).toMatchObject({ cancelReason: '不需要', lease: { endedBy: 'cancel' } });
      expect(failed.state).toMatchObject({ cancelReason: null, lease: { endedBy: 'fail' } });
      const last = await Promise.all([waiting, held, failed].map((task) => told(subject(), task)));
      expect(last.map((rows) => rows.at(-1))).toEqual([
        'cancel waiting → cancelled v2 a0 {"reason":"not needed"}',
        'cancel working → cancelled v3 a1 worker-1 {"reason":"不需要"}',
        'cancel failed → cancelled v4 a1 worker-1',
      ]);
    });

    it('loses its lease and comes back, and fails when no retry is left', async () => {
      const { queue } = subject();
      const back = await stored(
        await queue.update(await working({ maxRetries: 1 }), (task, now) => task.expire(now)),
      );
      expect(back.state).toMatchObject({ status: 'waiting', retryCount: 1, lease: { endedBy: 'expire' } });
      const failed = await stored(await queue.update(await queue.claimed(), (task, now) => task.expire(now)));
      expect(failed.state).toMatchObject({
        status: 'failed',
        errorMessage: 'the lease of attempt 2 ran out',
      });
      expect((await told(subject(), failed)).filter((row) => row.startsWith('expire'))).toEqual([
        'expire working → waiting v3 a1 worker-1 {"reason":"the lease of attempt 1 ran out","retry":1}',
        'expire working → failed v5 a2 worker-1 {"reason":"the lease of attempt 2 ran out"}',
      ]);
    });

    it('times out', async () => {
      const { queue } = subject();
      const task = await working({ timeoutSeconds: 60 });
      const failed = await stored(await queue.update(task, (current, now) => current.timeOut(RETRY, now)));
      expect(failed.state).toMatchObject({ status: 'failed', lease: { endedBy: 'time_out' } });
      expect((await told(subject(), failed)).at(-1)).toBe(
        'time_out working → failed v3 a1 worker-1 {"reason":"timed out after 60 s"}',
      );
    });

    it('renews its lease without a new version, and without a row in its history', async () => {
      const { queue } = subject();
      const task = await working();
      const renewed = await stored(
        await queue.update(task, (current, now) =>
          current.renew({ progress: 40, message: '四成 🚧' }, {}, now + 5_000),
        ),
      );
      expect(renewed.state.version).toBe(2);
      expect(renewed.state.lease).toMatchObject({ progress: 40, progressMessage: '四成 🚧' });
      expect(renewed.state.lease?.expiresAt).toBeGreaterThan(task.state.lease?.expiresAt ?? Infinity);
      expect(await told(subject(), task)).toEqual([CREATED, CLAIMED]);
    });

    it('moves between the counters', async () => {
      const { queue } = subject();
      const counts = async (): Promise<TaskStatus[]> =>
        Object.entries(await queue.store.countByStatus()).flatMap(([status, count]) =>
          Array<TaskStatus>(count).fill(status as TaskStatus),
        );
      const task = await queue.create();
      const seen = [await counts()];
      for (const step of [
        () => queue.claimed(),
        async () => queue.fail(await queue.stored(task)),
        () => queue.retry(task),
        () => queue.claimed(),
        async () => queue.complete(await queue.stored(task)),
      ]) {
        await step();
        seen.push(await counts());
      }
      expect(seen).toEqual([['waiting'], ['working'], ['failed'], ['waiting'], ['working'], ['completed']]);
    });

    it('has history rows with the times of its own state', async () => {
      const { queue } = subject();
      const task = await queue.complete(await working());
      const { createdAt, startedAt, completedAt } = task.state;
      expect((await queue.history(task)).map(({ at }) => at)).toEqual([createdAt, startedAt, completedAt]);
    });
  });
}
