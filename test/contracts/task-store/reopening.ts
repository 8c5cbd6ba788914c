import type { Task } from '@task/domain';
import { expectSound } from '../../support/checker';
import { observeStore } from '../../support/checking/observed';
import { RecordedQueue } from '../../support/recorded-queue';
import { Recorder } from '../../support/recorder';
import type { Subject } from '../subject';

export function describeReopening(subject: () => Subject): void {
  describe('closing and opening again', () => {
    it('keeps everything, and goes on where it was', async () => {
      const { queue, reopen } = subject();
      const recorder = new Recorder();
      const before = new RecordedQueue(queue, recorder);
      for (const priority of [1, 9, 5, 9]) await before.create(priority);
      const held = await claimed(before);
      const failed = await before.fail(await claimed(before));
      const kept = await contents(subject().queue.store);

      const reopened = await reopen();
      expect(await contents(reopened.queue.store)).toEqual(kept);

      const after = new RecordedQueue(reopened.queue, recorder);
      await after.complete(held);
      await after.retry(failed);
      await after.create(7);
      const left = [await claimed(after), await claimed(after), await claimed(after), await claimed(after)];
      expect(left.map(({ state }) => state.priority)).toEqual([9, 7, 5, 1]);
      expect(await after.claim()).toBeNull();
      expectSound(recorder.log, await observeStore(reopened.queue.store));
    });
  });
}

async function claimed(queue: RecordedQueue): Promise<Task> {
  const task = await queue.claim();
  if (task === null) throw new Error('nothing to claim');
  return task;
}

async function contents(store: Subject['queue']['store']): Promise<unknown> {
  const { tasks, transitions } = await observeStore(store);
  const states = await Promise.all(tasks.map(async ({ id }) => (await store.find(id))?.state));
  return { states, transitions, counts: await store.countByStatus() };
}
