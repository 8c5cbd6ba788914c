import type { Position, TaskFilter, TaskPage, TaskSort } from '@task/application';
import type { Task } from '@task/domain';
import type { Subject } from '../subject';

const SORTS: readonly TaskSort[] = (['created_at', 'priority', 'status'] as const).flatMap((by) => [
  { by, order: 'asc' },
  { by, order: 'desc' },
]);
const TASKS = 25;
const LIMITS = [1, 7, 12, 24, 25, 1000];
const FILTERS: readonly TaskFilter[] = [
  {},
  { status: 'waiting' },
  { tags: { names: ['even'], mode: 'all' } },
  { tags: { names: ['even'], mode: 'all' }, status: 'waiting' },
  { tags: { names: ['even', 'third'], mode: 'all' }, priorities: { from: 1, to: 8 } },
  { tags: { names: ['even', 'third'], mode: 'any' } },
];

export function describePages(subject: () => Subject): void {
  const page = (request: {
    filter?: TaskFilter;
    sort: TaskSort;
    limit: number;
    offset?: number;
    after?: Position | null;
  }): Promise<TaskPage> => subject().queue.store.list({ filter: {}, offset: 0, after: null, ...request });

  const byCursor = async (filter: TaskFilter, sort: TaskSort, limit: number): Promise<TaskPage[]> => {
    const pages = [await page({ filter, sort, limit })];
    for (let after = pages[0]?.next ?? null; after !== null; after = pages.at(-1)?.next ?? null) {
      pages.push(await page({ filter, sort, limit, after }));
      if (pages.length > TASKS) throw new Error('more pages than tasks');
    }
    return pages;
  };

  describe('paging', () => {
    beforeEach(() => fill(subject()));

    it.each(SORTS)('gives every task once, in order, page by page: %j', async (sort) => {
      for (const filter of FILTERS) {
        const all = (await page({ filter, sort, limit: 1000 })).tasks;
        for (const limit of LIMITS) {
          const pages = await byCursor(filter, sort, limit);
          expect(idsIn(pages)).toEqual(all.map(({ id }) => id));
          expect(pages.slice(0, -1).every(({ tasks }) => tasks.length === limit)).toBe(true);
          expect(pages.map(({ total }) => total)).toEqual(pages.map(() => all.length));
        }
      }
    });

    it.each(SORTS)('gives by offset what it gives by cursor: %j', async (sort) => {
      for (const filter of FILTERS) {
        const pages = await byCursor(filter, sort, 4);
        const offsets = pages.map((_, index) => index * 4);
        const byOffset = await Promise.all(offsets.map((offset) => page({ filter, sort, limit: 4, offset })));
        expect(byOffset.map(({ tasks }) => tasks.map(({ id }) => id))).toEqual(
          pages.map(({ tasks }) => tasks.map(({ id }) => id)),
        );
      }
    });

    it('counts, and no more, where no task is asked for', async () => {
      for (const filter of FILTERS) {
        const sort = { by: 'created_at', order: 'asc' } as const;
        const { total } = await page({ filter, sort, limit: 1000 });
        expect(await page({ filter, sort, limit: 0 })).toEqual({
          tasks: [],
          total,
          totalCapped: false,
          next: null,
        });
      }
    });

    it('goes on from an offset by cursor', async () => {
      const sort = { by: 'priority', order: 'desc' } as const;
      const [all, first] = [await page({ sort, limit: 1000 }), await page({ sort, limit: 5, offset: 4 })];
      const second = await page({ sort, limit: 5, after: first.next });
      expect(idsIn([first, second])).toEqual(all.tasks.slice(4, 14).map(({ id }) => id));
    });

    it('tells the end: no next page behind the last one, full or not', async () => {
      const sort = { by: 'created_at', order: 'asc' } as const;
      expect((await page({ sort, limit: 25 })).next).toBeNull();
      expect((await page({ sort, limit: 24 })).next).not.toBeNull();
      expect((await page({ sort, limit: 10, offset: 20 })).next).toBeNull();
      expect(await page({ sort, limit: 10, offset: 25 })).toMatchObject({ tasks: [], total: 25, next: null });
      expect(await page({ sort, limit: 10, offset: 1_000_000 })).toMatchObject({
        tasks: [],
        total: 25,
        next: null,
      });
    });

    it('writes positions in whole numbers', async () => {
      for (const sort of SORTS) {
        const { next } = await page({ sort, limit: 3 });
        expect(next?.every((number) => Number.isSafeInteger(number))).toBe(true);
      }
    });

    it('neither repeats nor skips a task when others arrive between two pages', async () => {
      const { queue } = subject();
      for (const order of ['asc', 'desc'] as const) {
        const sort = { by: 'created_at', order } as const;
        const before = (await page({ sort, limit: 1000 })).tasks;
        const first = await page({ sort, limit: 10 });
        await queue.createAll([{}, {}, {}]);
        const rest = await page({ sort, limit: 1000, after: first.next });
        const known = new Set(before.map(({ id }) => id));
        expect(idsIn([first, rest]).filter((id) => known.has(id))).toEqual(before.map(({ id }) => id));
      }
    });
  });
}

function idsIn(pages: readonly TaskPage[]): string[] {
  return pages.flatMap(({ tasks }) => tasks.map(({ id }) => id));
}

/** 25 tasks of all priorities and statuses. */
async function fill({ queue }: Subject): Promise<void> {
  const created = await queue.createAll(
    Array.from({ length: TASKS }, (_, index) => ({
      priority: 1 + ((index * 3) % 10),
      tags: [index % 2 === 0 ? 'even' : 'odd', ...(index % 3 === 0 ? ['third'] : [])],
    })),
  );
  const finish: readonly ((task: Task) => Promise<unknown>)[] = [
    (task) => queue.complete(task),
    (task) => queue.fail(task),
    (task) => queue.cancel(task),
    (task) => queue.stored(task),
  ];
  for (const [index, task] of (await queue.claimUpTo(12)).entries())
    await finish[index % finish.length]?.(task);
  for (const task of created.slice(0, 2)) await queue.cancel(task).catch(() => null);
}
