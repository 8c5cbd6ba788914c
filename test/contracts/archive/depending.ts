import { JsonDocument, type Task } from '@task/domain';
import type { Subject } from '../subject';
import { archiveAll, archived } from './ended-tasks';

export function describeDependencies(subject: () => Subject): void {
  describe('a task that others depend on', () => {
    it('stays as long as one of them waits for it', async () => {
      const { queue } = subject();
      const [first, second] = (await queue.createAll([{ priority: 9 }, { priority: 1 }])) as [Task, Task];
      const last = await queue.createOn([first, second]);
      await queue.complete(await queue.claimed(), JsonDocument.of(1));
      expect(await archiveAll(subject())).toBe(0);
      await queue.tellAll();
      expect(await archiveAll(subject())).toBe(1);
      expect((await queue.stored(last)).state).toMatchObject({ gate: 'blocked', needs: { pending: 1 } });
      await queue.complete(await queue.claimed());
      await queue.tellAll();
      expect((await queue.claimed()).id).toBe(last.id);
    });

    it('stays when it failed and they wait for its retry', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const last = await queue.createOn([first]);
      await queue.fail(await queue.claimed(), { retryable: false });
      await queue.tellAll();
      expect(await archiveAll(subject())).toBe(0);
      await queue.cancel(last);
      expect(await archiveAll(subject())).toBe(1);
      expect(await archiveAll(subject())).toBe(1);
      expect((await queue.store.dependenciesOf([last.id], 1e6)).get(last.id)).toEqual([
        { taskId: first.id, status: 'failed', result: null, resultBytes: 0, isSettled: false },
      ]);
    });

    it('is told of as before, on both sides, when one or both are archived', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const last = await queue.createOn([first]);
      const told = async (): Promise<unknown> => [
        await queue.store.dependenciesOf([last.id, first.id], 1e6),
        (await queue.store.dependentsOf(first.id, 0, 10)).map(({ taskId, isSettled }) => [taskId, isSettled]),
      ];
      await queue.complete(await queue.claimed(), JsonDocument.of('结果'));
      await queue.tellAll();
      const before = await told();
      expect(await archiveAll(subject())).toBe(1);
      expect(await told()).toEqual(before);
      await queue.complete(await queue.claimed());
      expect(await archiveAll(subject())).toBe(1);
      expect(await told()).toEqual(before);
    });

    it('counts as completed for a new one, though it is archived', async () => {
      const { queue } = subject();
      const { completed } = await archived(subject());
      const next = await queue.createOn([completed], 'wait', { priority: 10 });
      expect(next.state).toMatchObject({ gate: 'ready', needs: { pending: 0 } });
      expect((await queue.claimed()).id).toBe(next.id);
      expect((await queue.store.dependenciesOf([next.id], 1e6)).get(next.id)).toMatchObject([
        { taskId: completed.id, status: 'completed', isSettled: true },
      ]);
    });
  });
}
