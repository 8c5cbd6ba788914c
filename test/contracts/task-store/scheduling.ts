import { eventually } from '../../support/eventually';
import type { Abilities, Subject } from '../subject';

const FAR_FUTURE = Date.UTC(2200, 0, 1);

export function describeScheduling(subject: () => Subject, { setsClock = false }: Abilities): void {
  describe('scheduling', () => {
    it('hands out what is due, and nothing before', async () => {
      const { queue } = subject();
      await queue.createAll([
        { prompt: 'in the future', availableAt: FAR_FUTURE, priority: 10 },
        { prompt: 'in the past', availableAt: 1 },
        { prompt: 'at any time' },
      ]);
      expect((await queue.drain()).map(({ state }) => state.prompt)).toEqual(['in the past', 'at any time']);
      const [scheduled] = await queue.all({ status: 'waiting' });
      expect(scheduled?.state).toMatchObject({ gate: 'scheduled', availableAt: FAR_FUTURE });
    });

    it('cancels what is not due', async () => {
      const { queue } = subject();
      const task = await queue.create({ availableAt: FAR_FUTURE });
      expect((await queue.cancel(task, null, false)).state).toMatchObject({
        status: 'cancelled',
        gate: null,
      });
      expect((await queue.stored(task)).status).toBe('cancelled');
    });

    it('does not count a task’s coming due as a transition', async () => {
      const { queue } = subject();
      const task = await queue.create({ availableAt: (await queue.now()) + 50 });
      await comesDue(subject(), 50);
      const claimed = await eventually(() => queue.claim());
      expect(claimed).toMatchObject({ id: task.id, state: { version: 2 } });
      expect(claimed.state.startedAt).toBeGreaterThanOrEqual(task.state.availableAt ?? Infinity);
      expect((await queue.history(task)).map(({ command }) => command)).toEqual(['create', 'claim']);
    });

    it('hands out a crowd that comes due together, all of it', async () => {
      const { queue } = subject();
      const at = (await queue.now()) + 50;
      const created = await queue.createAll(Array.from({ length: 250 }, () => ({ availableAt: at })));
      await comesDue(subject(), 50);
      const claimed = new Set<string>();
      await eventually(async () => {
        for (const task of await queue.drain()) claimed.add(task.id);
        return claimed.size === created.length ? true : null;
      });
      expect((await queue.all({ status: 'working' })).length).toBe(250);
    });

    if (setsClock) {
      describe('by a clock that stands still', () => {
        it('hands a task out from its very millisecond on', async () => {
          const { queue, clock } = subject();
          await queue.create({ availableAt: (await queue.now()) + 1000 });
          clock?.advance(999);
          expect(await queue.claim()).toBeNull();
          clock?.advance(1);
          expect(await queue.claim()).not.toBeNull();
        });

        it('goes by priority, then arrival, also among those that came due', async () => {
          const { queue, clock } = subject();
          const soon = (await queue.now()) + 10;
          await queue.createAll([
            { prompt: 'b', availableAt: soon + 10 },
            { prompt: 'c' },
            { prompt: 'd', availableAt: soon },
            { prompt: 'a', availableAt: soon, priority: 9 },
          ]);
          clock?.advance(100);
          expect((await queue.drain()).map(({ state }) => state.prompt).join('')).toBe('abcd');
        });

        it('goes by priority also among more than become ready at once', async () => {
          const { queue, clock } = subject();
          const soon = (await queue.now()) + 10;
          await queue.createAll(Array.from({ length: 600 }, () => ({ availableAt: soon })));
          await queue.createAll([{ prompt: 'urgent', availableAt: soon + 10, priority: 9 }]);
          clock?.advance(100);
          expect((await queue.claimed()).state.prompt).toBe('urgent');
        });

        it('brings a task that retries itself back when its wait is over', async () => {
          const { queue, clock } = subject();
          await queue.create({ autoRetry: true, maxRetries: 2 });
          for (const wait of [3_750, 7_500]) {
            const failed = await queue.fail(await queue.claimed());
            expect(failed.state.availableAt).toBe((await queue.now()) + wait);
            clock?.advance(wait - 1);
            expect(await queue.claim()).toBeNull();
            clock?.advance(1);
          }
          expect((await queue.fail(await queue.claimed())).state).toMatchObject({
            status: 'failed',
            retryCount: 2,
          });
        });

        it('stamps every change with the time at which it was made', async () => {
          const { queue, clock } = subject();
          const task = await queue.create();
          const { createdAt } = task.state;
          clock?.advance(10);
          const claimed = await queue.claimed();
          clock?.advance(10);
          const completed = await queue.complete(claimed);
          expect(completed.state).toMatchObject({
            createdAt,
            startedAt: createdAt + 10,
            completedAt: createdAt + 20,
            updatedAt: createdAt + 20,
          });
          expect((await queue.history(task)).map(({ at }) => at - createdAt)).toEqual([0, 10, 20]);
        });
      });
    }
  });
}

/** Moves the clock where there is one; otherwise time goes by itself. */
async function comesDue({ queue, clock }: Subject, ms: number): Promise<void> {
  clock?.advance(ms);
  const due = (await queue.now()) + (clock === undefined ? ms : 0);
  await eventually(async () => ((await queue.now()) >= due ? true : null));
}
