import type { Position, TaskFilter, TaskPage, TaskSort } from '@task/application';
import type { Task } from '@task/domain';
import type { Subject } from '../subject';

/** More than a store merges, each with one task; twice as many tasks are elsewhere. */
const DIRECTORIES = 700;
const FILTERS: readonly TaskFilter[] = [
  { directoryContains: '/many/' },
  { directoryContains: '/many/', priorities: { from: 4, to: 6 } },
  { directoryContains: '/many/', tags: { names: ['seventh'], mode: 'all' } },
  { directoryContains: '/many/', createdAfter: 0 },
  { directoryContains: '/many/1', createdAfter: 0 },
];
const SORTS: readonly TaskSort[] = (['created_at', 'priority'] as const).flatMap((by) => [
  { by, order: 'asc' },
  { by, order: 'desc' },
]);

export function describeManyDirectories(subject: () => Subject): void {
  describe('listing very many directories', () => {
    let filed: readonly Task[];
    beforeEach(async () => {
      filed = await subject().queue.createAll(
        Array.from({ length: 3 * DIRECTORIES }, (_, index) => changes(index)),
      );
    });

    const namesOf = (filter: TaskFilter): Set<string> =>
      new Set(filed.filter((task) => isWanted(task, filter)).map(({ id }) => id));

    it.each(SORTS)('gives every task once, on short pages and on long ones: %j', async (sort) => {
      for (const filter of FILTERS) {
        const expected = namesOf(filter);
        const [long, ...rest] = await pagesOf(subject(), filter, sort, 1000);
        const short = await pagesOf(subject(), filter, sort, 60);
        const remainder = await pageOf(subject(), filter, sort, 1000, short[0]?.next ?? null);
        const ids = long?.tasks.map(({ id }) => id) ?? [];
        expect(rest).toEqual([]);
        expect(new Set(ids)).toEqual(expected);
        expect(short.flatMap(({ tasks }) => tasks.map(({ id }) => id))).toEqual(ids);
        expect(remainder.tasks.map(({ id }) => id)).toEqual(ids.slice(short.length === 1 ? 0 : 60));
        const totals = [long, ...short, remainder].map((page) => page?.total);
        expect(new Set(totals)).toEqual(new Set([expected.size]));
      }
    });

    it('finds those with a tag that the latest of each directory has not', async () => {
      const { queue } = subject();
      const tags = ['common'];
      const tagged = await queue.createAll(
        Array.from({ length: 520 }, (_, index) => ({ workDirectory: `/deep/${index}`, tags })),
      );
      await queue.createAll(
        Array.from({ length: 520 }, (_, index) => ({ workDirectory: `/deep/${519 - index}` })),
      );
      await queue.createAll(Array.from({ length: 2_000 }, () => ({ workDirectory: '/srv/elsewhere', tags })));
      const filter: TaskFilter = { directoryContains: '/deep/', tags: { names: tags, mode: 'all' } };
      const pages = await pagesOf(subject(), filter, { by: 'created_at', order: 'desc' }, 400);
      expect(pages.map((page) => page.tasks.length)).toEqual([400, 120]);
      expect(pages.flatMap((page) => page.tasks.map(({ id }) => id))).toEqual(
        tagged.map(({ id }) => id).toReversed(),
      );
    });
  });
}

function changes(index: number): { workDirectory: string; priority: number; tags: string[] } {
  const isOfMany = index % 3 === 0;
  return {
    workDirectory: isOfMany ? `/many/${index / 3}` : '/srv/elsewhere',
    priority: [2, 5, 8][Math.floor(index / 3) % 3] ?? 5,
    tags: index % 7 === 0 ? ['seventh'] : [],
  };
}

function isWanted({ state }: Task, { directoryContains = '', priorities, tags }: TaskFilter): boolean {
  return (
    (state.workDirectory ?? '').includes(directoryContains) &&
    (priorities === undefined || (state.priority >= priorities.from && state.priority <= priorities.to)) &&
    (tags === undefined || state.tags.length > 0)
  );
}

async function pagesOf(
  subject: Subject,
  filter: TaskFilter,
  sort: TaskSort,
  limit: number,
): Promise<TaskPage[]> {
  const pages: TaskPage[] = [];
  do {
    pages.push(await pageOf(subject, filter, sort, limit, pages.at(-1)?.next ?? null));
  } while (pages.at(-1)?.next !== null && pages.length < DIRECTORIES);
  return pages;
}

function pageOf(
  { queue }: Subject,
  filter: TaskFilter,
  sort: TaskSort,
  limit: number,
  after: Position | null,
): Promise<TaskPage> {
  return queue.store.list({ filter, sort, limit, offset: 0, after });
}
