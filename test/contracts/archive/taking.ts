import { Retention } from '@task/domain';
import { untilLater, untilTime, type Abilities, type Subject } from '../subject';
import { archiveAll, archived, AT_ONCE, live, total } from './ended-tasks';

const HOUR = new Retention(3_600_000);

export function describeTaking(subject: () => Subject, { setsClock = false }: Abilities): void {
  it('takes what has ended, and nothing else', async () => {
    const { working, waiting } = await archived(subject());
    expect((await subject().queue.all()).map(({ id }) => id)).toEqual([working.id, waiting.id]);
    expect(await archiveAll(subject())).toBe(0);
  });

  it('takes only what ended long enough ago', async () => {
    const { queue, archive } = subject();
    await live(subject());
    expect(await archive.step(HOUR, 0, 1000)).toEqual({ archived: 0, readTo: 0, hasMore: false });
    expect(await queue.all()).toHaveLength(5);
  });

  if (setsClock) {
    it('goes by the end of a task, not by its beginning', async () => {
      const { queue } = subject();
      const { completed, working } = await live(subject());
      await untilTime(subject(), completed.state.updatedAt + 3_599_999);
      await queue.complete(working);
      expect(await archiveAll(subject(), HOUR)).toBe(0);
      await untilLater(subject());
      expect(await archiveAll(subject(), HOUR)).toBe(3);
    });
  }

  describe('step by step', () => {
    it('looks at no more events than asked, and goes on where it stopped', async () => {
      const { archive, queue } = subject();
      await live(subject());
      const steps = [];
      for (let place = 0, hasMore = true; hasMore;) {
        const step = await archive.step(AT_ONCE, place, 6);
        steps.push(step);
        ({ readTo: place, hasMore } = step);
      }
      expect(steps.map(({ archived: count }) => count)).toEqual([0, 3]);
      expect(steps[0]).toMatchObject({ readTo: 6, hasMore: true });
      expect(await queue.all()).toHaveLength(2);
    });

    it('leaves what was brought back, until it ends again', async () => {
      const { queue } = subject();
      const { failed } = await live(subject());
      await queue.retry(failed);
      expect(await archiveAll(subject())).toBe(2);
      await queue.complete(await queue.claimed());
      expect(await archiveAll(subject())).toBe(1);
      expect(await queue.history(failed)).toHaveLength(6);
    });

    it('takes each task once, however many look for them at once', async () => {
      const { queue } = subject();
      await queue.createAll(Array.from({ length: 60 }, () => ({})));
      for (const task of await queue.drain()) await queue.complete(task);
      const counts = await Promise.all(Array.from({ length: 4 }, () => archiveAll(subject(), AT_ONCE, 20)));
      const left = await archiveAll(subject());
      expect(counts.reduce((sum, count) => sum + count, left)).toBe(60);
      expect([await total(subject()), (await queue.store.countByStatus()).completed]).toEqual([0, 60]);
    });

    it('disturbs nobody who works meanwhile', async () => {
      const { queue } = subject();
      const seen = new Set<string>();
      const work = async (): Promise<void> => {
        for (let step = 0; step < 8; step += 1) {
          await queue.create();
          const task = await queue.claimed();
          expect(seen.has(task.id)).toBe(false);
          seen.add(task.id);
          await queue.complete(task);
        }
      };
      const working = { isOver: false };
      const workers = Promise.all([work(), work(), work(), work()]).finally(() => (working.isOver = true));
      while (!working.isOver) await archiveAll(subject(), AT_ONCE, 7);
      await workers;
      await archiveAll(subject());
      expect([seen.size, await total(subject()), (await queue.store.countByStatus()).completed]).toEqual([
        32, 0, 32,
      ]);
      for (const id of seen) expect(await queue.store.history(id)).toHaveLength(3);
    });

    it('has nothing to do where nothing is', async () => {
      expect(await subject().archive.step(AT_ONCE, 0, 10)).toEqual({
        archived: 0,
        readTo: 0,
        hasMore: false,
      });
    });
  });
}
