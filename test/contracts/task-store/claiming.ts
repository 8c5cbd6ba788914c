import { CALL } from '../../support/builders';
import type { Subject } from '../subject';

export function describeClaims(subject: () => Subject): void {
  describe('claiming', () => {
    it('answers null when nothing is there', async () => {
      expect(await subject().queue.claim()).toBeNull();
    });

    it('stores the claim as it was decided', async () => {
      const { queue } = subject();
      await queue.create({ timeoutSeconds: 90 });
      const task = await queue.claimed({}, { workerId: '工人-1', lengthMs: 30_000 });
      const { lease, startedAt } = task.state;
      expect(task.state).toMatchObject({ status: 'working', gate: null, version: 2 });
      expect(lease).toMatchObject({ attempt: 1, token: 'token-1', workerId: '工人-1', lengthMs: 30_000 });
      expect(lease).toMatchObject({
        expiresAt: (startedAt ?? 0) + 30_000,
        timeoutAt: (startedAt ?? 0) + 90_000,
      });
      expect((await queue.stored(task)).state).toEqual(task.state);
    });

    it('goes by priority, then by arrival', async () => {
      const { queue } = subject();
      const priorities = [5, 9, 1, 9, 5, 10, 1, 10];
      await queue.createAll(priorities.map((priority, index) => ({ priority, prompt: `${index}` })));
      const claimed = (await queue.drain()).map(({ state }) => `${state.priority}:${state.prompt ?? ''}`);
      expect(claimed).toEqual(['10:5', '10:7', '9:1', '9:3', '5:0', '5:4', '1:2', '1:6']);
    });

    it('goes by priority also between tasks that came while others were handed out', async () => {
      const { queue } = subject();
      await queue.createAll([
        { priority: 5, prompt: 'first' },
        { priority: 4, prompt: 'last' },
      ]);
      const claimed = [await queue.claimed()];
      await queue.create({ priority: 6, prompt: 'urgent' });
      claimed.push(...(await queue.drain()));
      expect(claimed.map(({ state }) => state.prompt)).toEqual(['first', 'urgent', 'last']);
    });

    it('puts a released and a retried task back to where it arrived', async () => {
      const { queue } = subject();
      await queue.createAll([{ prompt: 'a' }, { prompt: 'b' }]);
      await queue.release(await queue.claimed());
      const again = await queue.claimed();
      expect(again.state.prompt).toBe('a');
      await queue.retry(await queue.fail(again));
      expect((await queue.drain()).map(({ state }) => state.prompt)).toEqual(['a', 'b']);
    });

    it('hands out no more than the limit, in order', async () => {
      const { queue } = subject();
      await queue.createAll([{ priority: 1 }, { priority: 3 }, { priority: 2 }]);
      const prioritiesOf = async (limit: number): Promise<number[]> =>
        (await queue.claimUpTo(limit)).map(({ state }) => state.priority);
      expect(await prioritiesOf(2)).toEqual([3, 2]);
      expect(await prioritiesOf(2)).toEqual([1]);
      expect(await prioritiesOf(2)).toEqual([]);
    });

    it('hands out waiting tasks only', async () => {
      const { queue } = subject();
      const tasks = await queue.createAll([
        { priority: 9 },
        { priority: 8 },
        { priority: 7 },
        { priority: 6 },
      ]);
      await queue.complete(await queue.claimed());
      await queue.fail(await queue.claimed());
      await queue.claimed();
      for (const task of tasks.slice(3)) await queue.cancel(task);
      expect(await queue.claim()).toBeNull();
    });

    it('counts attempts and gives each its own token', async () => {
      const { queue } = subject();
      await queue.create();
      const first = await queue.claimed();
      await queue.release(first);
      const second = await queue.claimed();
      expect([first.attempt, second.attempt]).toEqual([1, 2]);
      expect(second.state.lease?.token).not.toBe(first.state.lease?.token);
    });

    it('hands out none when the decision about one of them throws', async () => {
      const { queue } = subject();
      await queue.createAll([{ priority: 9 }, { priority: 1 }]);
      const before = await queue.all();
      const boom = new Error('boom');
      const claim = queue.store.claim(
        {},
        2,
        (task, now) => {
          if (task.state.priority === 1) throw boom;
          return task.claim({ token: 't', workerId: null, lengthMs: 1000 }, 'key', now);
        },
        CALL.signal,
      );
      await expect(claim).rejects.toBe(boom);
      expect(await queue.all()).toEqual(before);
      expect(await queue.events()).toHaveLength(2);
    });
  });
}
