import type { TaskFilter, TaskSort } from '@task/application';
import type { Task, TaskDraft } from '@task/domain';
import { untilLater, type Subject } from '../subject';

/** Named by their prompts, in order of arrival. */
const CORPUS: readonly Partial<TaskDraft>[] = [
  { prompt: 'a', priority: 1, taskType: 'build', kbId: 'kb-1', workDirectory: '/srv/app', tags: ['x', 'y'] },
  { prompt: 'b', priority: 10, taskType: 'build', workDirectory: '/srv//app/sub', tags: ['x'] },
  { prompt: 'c', priority: 5, taskType: 'test', kbId: 'kb-1', workDirectory: null },
  { prompt: 'd', priority: 5, taskType: 'test', kbId: 'kb-2', workDirectory: 'C:\\App', tags: ['y', 'Z'] },
  { prompt: 'e', priority: 7, workDirectory: '/srv/apple', tags: ['x', 'y', 'z'] },
  { prompt: 'f', priority: 3, workDirectory: '/' },
  { prompt: 'g', priority: 10, taskType: 'build', kbId: 'kb-1', workDirectory: '/SRV/app', tags: ['x,y'] },
  { prompt: 'h', priority: 5, workDirectory: '/srv/100%_x', tags: ['%'] },
];

const FILTERS: readonly [TaskFilter, string][] = [
  [{}, 'abcdefgh'],
  [{ status: 'waiting' }, 'afgh'],
  [{ status: 'working' }, 'b'],
  [{ status: 'completed' }, 'c'],
  [{ status: 'failed' }, 'd'],
  [{ status: 'cancelled' }, 'e'],
  [{ priorities: { from: 1, to: 3 } }, 'af'],
  [{ priorities: { from: 4, to: 6 } }, 'cdh'],
  [{ priorities: { from: 7, to: 10 } }, 'beg'],
  [{ taskType: 'build' }, 'abg'],
  [{ taskType: 'buil' }, ''],
  [{ kbId: 'kb-1' }, 'acg'],
  [{ kbId: 'kb' }, ''],
  [{ directoryContains: 'srv/app' }, 'abe'],
  [{ directoryContains: '/srv/app/' }, 'ab'],
  [{ directoryContains: '/' }, 'abefgh'],
  [{ directoryContains: '\\App' }, 'd'],
  [{ directoryContains: 'C:\\App\\' }, 'd'],
  [{ directoryContains: '%' }, 'h'],
  [{ directoryContains: '_' }, 'h'],
  [{ directoryContains: '*' }, ''],
  [{ directoryContains: "'" }, ''],
  [{ tags: { names: ['x'], mode: 'all' } }, 'abe'],
  [{ tags: { names: ['x', 'y'], mode: 'all' } }, 'ae'],
  [{ tags: { names: ['y', 'x'], mode: 'all' } }, 'ae'],
  [{ tags: { names: ['x', 'y'], mode: 'any' } }, 'abde'],
  [{ tags: { names: ['z'], mode: 'any' } }, 'e'],
  [{ tags: { names: ['x,y'], mode: 'any' } }, 'g'],
  [{ tags: { names: ['%'], mode: 'any' } }, 'h'],
  [{ tags: { names: ['x', 'x'], mode: 'all' } }, 'abe'],
  [{ tags: { names: ['nowhere'], mode: 'any' } }, ''],
  [{ tags: { names: ['x'], mode: 'all' }, priorities: { from: 1, to: 7 } }, 'ae'],
  [{ tags: { names: ['x', 'Z'], mode: 'any' }, kbId: 'kb-2' }, 'd'],
  [{ tags: { names: ['x'], mode: 'all' }, status: 'cancelled' }, 'e'],
  [{ status: 'waiting', priorities: { from: 7, to: 10 } }, 'g'],
  [{ status: 'waiting', taskType: 'build', kbId: 'kb-1' }, 'ag'],
  [{ kbId: 'kb-1', directoryContains: 'app' }, 'ag'],
  [{ taskType: 'build', tags: { names: ['x'], mode: 'all' }, directoryContains: '/srv' }, 'ab'],
];

const SORTS: readonly [TaskSort, string][] = [
  [{ by: 'created_at', order: 'asc' }, 'abcdefgh'],
  [{ by: 'created_at', order: 'desc' }, 'hgfedcba'],
  [{ by: 'priority', order: 'desc' }, 'gbehdcfa'],
  [{ by: 'priority', order: 'asc' }, 'afcdhebg'],
  [{ by: 'status', order: 'asc' }, 'afghbcde'],
  [{ by: 'status', order: 'desc' }, 'edcbhgfa'],
];

export function describeLists(subject: () => Subject): void {
  describe('listing', () => {
    let created: Task[];
    beforeEach(async () => {
      created = await fill(subject());
    });

    const list = async (
      filter: TaskFilter,
      sort: TaskSort = { by: 'created_at', order: 'asc' },
    ): Promise<string> => {
      const { tasks, total, totalCapped, next } = await subject().queue.store.list({
        ...{ filter, sort, limit: 1000, offset: 0, after: null },
      });
      expect([total, totalCapped, next]).toEqual([tasks.length, false, null]);
      return tasks.map(({ state }) => state.prompt ?? '').join('');
    };

    it.each(FILTERS)('finds by %j the tasks %s', async (filter, found) => {
      expect(await list(filter)).toBe(found);
    });

    it.each(SORTS)('sorts by %j to %s', async (sort, order) => {
      expect(await list({}, sort)).toBe(order);
    });

    it.each(SORTS)('sorts what a filter leaves by %j as it sorts %s', async (sort, order) => {
      const filter: TaskFilter = { directoryContains: '/srv' };
      expect(await list(filter, sort)).toBe([...order].filter((name) => 'abeh'.includes(name)).join(''));
    });

    it('takes the start of a time range in, and leaves its end out', async () => {
      const at = (index: number): number => created[index]?.state.createdAt ?? Number.NaN;
      expect(await list({ createdAfter: at(2) })).toBe('cdefgh');
      expect(await list({ createdBefore: at(2) })).toBe('ab');
      expect(await list({ createdAfter: at(2), createdBefore: at(5) })).toBe('cde');
      expect(await list({ createdAfter: at(2) + 1, createdBefore: at(2) + 1 })).toBe('');
      expect(await list({ createdAfter: at(1), status: 'waiting' })).toBe('fgh');
      expect(await list({ createdAfter: at(1), tags: { names: ['x', 'y'], mode: 'any' } })).toBe('bde');
      expect(await list({ createdBefore: at(4), tags: { names: ['x'], mode: 'all' } })).toBe('ab');
    });

    it('tells of each task what finding it tells', async () => {
      const { queue } = subject();
      const listed = await queue.all();
      const found = await Promise.all(listed.map((task) => queue.stored(task)));
      expect(listed.map(({ state }) => state)).toEqual(found.map(({ state }) => state));
    });

    it('counts by status what it lists', async () => {
      const { queue } = subject();
      expect(await queue.store.countByStatus()).toEqual({
        waiting: 4,
        working: 1,
        completed: 1,
        failed: 1,
        cancelled: 1,
      });
    });
  });

  describe('counting what matches', () => {
    it('is exact at any size by counters, and stops at 10 000 otherwise', async () => {
      const { queue } = subject();
      const many = (count: number, tag: string): Promise<unknown> =>
        queue.createAll(Array.from({ length: count }, () => ({ prompt: null, tags: [tag] })));
      for (let thousand = 0; thousand < 10; thousand += 1) await many(1000, 'most');
      await many(1, 'last');
      const total = async (filter: TaskFilter): Promise<unknown> => {
        const sort = { by: 'created_at', order: 'desc' } as const;
        const page = await queue.store.list({ filter, sort, limit: 1, offset: 0, after: null });
        return [page.total, page.totalCapped];
      };
      expect(await total({})).toEqual([10_001, false]);
      expect(await total({ status: 'waiting', directoryContains: '/srv' })).toEqual([10_001, false]);
      expect(await total({ taskType: 'agent_prompt', priorities: { from: 4, to: 6 } })).toEqual([
        10_001,
        false,
      ]);
      expect(await total({ createdAfter: 0 })).toEqual([10_000, true]);
      expect(await total({ tags: { names: ['most', 'last'], mode: 'any' } })).toEqual([10_000, true]);
      expect(await total({ tags: { names: ['most'], mode: 'all' } })).toEqual([10_000, false]);
      expect(await total({ tags: { names: ['last'], mode: 'all' } })).toEqual([1, false]);
      expect(await total({ tags: { names: ['last'], mode: 'all' }, status: 'waiting' })).toEqual([1, false]);
      expect(await total({ tags: { names: ['most'], mode: 'all' }, createdAfter: 0 })).toEqual([
        10_000,
        false,
      ]);
    });
  });
}

/** The corpus, each task a moment after the other: `b` working, `c` completed, `d` failed, `e` cancelled. */
async function fill(subject: Subject): Promise<Task[]> {
  const { queue } = subject;
  const created: Task[] = [];
  for (const changes of CORPUS) {
    await untilLater(subject);
    created.push(await queue.create(changes));
  }
  const [, , , , e] = created;
  await queue.claimed({ directory: { path: '/srv/app/sub', recursive: false } });
  await queue.complete(await queue.claimed({ taskTypes: ['test'], kbId: 'kb-1' }));
  await queue.fail(await queue.claimed({ kbId: 'kb-2' }));
  if (e !== undefined) await queue.cancel(e);
  return created;
}
