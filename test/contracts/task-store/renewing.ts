import { LeaseLost, TaskAlreadyFinal, TaskCancelled, type Task } from '@task/domain';
import { untilLater, type Subject } from '../subject';

export function describeRenewals(subject: () => Subject): void {
  const working = async (changes: Parameters<Subject['queue']['create']>[0] = {}): Promise<Task> => {
    const { queue } = subject();
    await queue.create(changes);
    return queue.claimed();
  };

  describe('renewing a lease', () => {
    it('moves its end by its length from now on, and nothing else', async () => {
      const { queue } = subject();
      const task = await working({ timeoutSeconds: 600 });
      const history = await queue.history(task);
      await untilLater(subject());
      const renewed = await queue.renew(task);
      const { lease } = renewed.state;
      expect(lease?.expiresAt).toBeGreaterThan(task.state.lease?.expiresAt ?? Infinity);
      expect(lease?.expiresAt).toBeLessThanOrEqual((await queue.now()) + 60_000);
      expect(renewed.state).toEqual({
        ...task.state,
        lease: { ...task.state.lease, expiresAt: lease?.expiresAt },
      });
      expect((await queue.stored(task)).state).toEqual(renewed.state);
      expect(await queue.history(task)).toEqual(history);
    });

    it('leaves the counters and the event log alone', async () => {
      const { queue } = subject();
      const task = await working();
      const before = [await queue.store.countByStatus(), await queue.events()];
      await queue.renew(task, { progress: 50 });
      expect([await queue.store.countByStatus(), await queue.events()]).toEqual(before);
    });

    it('keeps progress and message until they are told anew', async () => {
      const { queue } = subject();
      const task = await working();
      await queue.renew(task, { progress: 60, message: '一半 🚧' });
      await queue.renew(task);
      expect((await queue.stored(task)).state.lease).toMatchObject({
        ...{ progress: 60, progressMessage: '一半 🚧' },
      });
      await queue.renew(task, { progress: 20 });
      await queue.renew(task, { message: null });
      expect((await queue.stored(task)).state.lease).toMatchObject({ progress: 20, progressMessage: null });
    });

    it('tells that the task was cancelled', async () => {
      const { queue } = subject();
      const task = await working();
      await queue.cancel(task);
      await expect(queue.renew(task)).rejects.toThrow(TaskCancelled);
    });

    it('tells that the task was finished', async () => {
      const { queue } = subject();
      const task = await working();
      await queue.complete(task);
      await expect(queue.renew(task)).rejects.toThrow(TaskAlreadyFinal);
    });

    it('tells that somebody else holds the task, or nobody', async () => {
      const { queue } = subject();
      const first = await working();
      await queue.release(first);
      await expect(queue.renew(first)).rejects.toThrow(LeaseLost);
      const second = await queue.claimed({}, { workerId: 'worker-2' });
      await expect(queue.renew(first)).rejects.toThrow(LeaseLost);
      await expect(queue.renew(first, {}, { workerId: 'worker-1' })).rejects.toThrow(LeaseLost);
      expect((await queue.stored(first)).state).toEqual(second.state);
    });

    it('follows the other writes of its holder, whatever comes at the same moment', async () => {
      const { queue } = subject();
      const task = await working();
      const writes = [queue.renew(task, { progress: 10 }), queue.renew(task, { progress: 20 })];
      const done = queue.complete(task);
      expect((await Promise.all(writes)).map(({ state }) => state.lease?.progress)).toEqual([10, 20]);
      expect((await queue.stored(task)).state).toEqual((await done).state);
      expect((await queue.history(task)).map(({ version }) => version)).toEqual([1, 2, 3]);
    });
  });

  describe('releasing', () => {
    it('puts the task back for anybody, with no retry counted, and the next attempt begins from nothing', async () => {
      const { queue } = subject();
      const task = await working({ maxRetries: 0 });
      await queue.renew(task, { progress: 90, message: 'nearly' });
      await queue.release(task, 'wrong machine');
      const again = await queue.claimed({}, { workerId: 'worker-2' });
      expect(again).toMatchObject({ id: task.id, state: { retryCount: 0 } });
      expect(again.state.lease).toMatchObject({ attempt: 2, progress: 0, progressMessage: null });
      expect((await queue.stored(task)).state).toEqual(again.state);
    });

    it('is done once by the same token, and answered alike', async () => {
      const { queue } = subject();
      const task = await working();
      const released = await queue.release(task, 'wrong machine');
      expect((await queue.release(task, 'wrong machine')).state).toEqual(released.state);
      expect((await queue.history(task)).map(({ command }) => command)).toEqual([
        'create',
        'claim',
        'release',
      ]);
    });

    it('is refused to whoever does not hold the task', async () => {
      const { queue } = subject();
      const task = await working();
      await expect(queue.release(task, null, { leaseToken: 'another' })).rejects.toThrow(LeaseLost);
      await expect(queue.release(task, null, { workerId: 'worker-2' })).rejects.toThrow(LeaseLost);
      expect((await queue.stored(task)).state).toEqual(task.state);
    });
  });
}
