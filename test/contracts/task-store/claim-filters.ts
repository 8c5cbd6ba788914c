import type { ClaimFilter } from '@task/application';
import { normalisePath, type Task, type TaskDraft } from '@task/domain';
import type { Subject } from '../subject';

const at = (path: string): ClaimFilter => ({ directory: { path: normalisePath(path), recursive: false } });
const below = (path: string): ClaimFilter => ({ directory: { path: normalisePath(path), recursive: true } });

/** `[the filter, the directories it takes, in order of arrival]` of those in a test's own list. */
type Case = readonly [path: string, exact: readonly string[], recursive: readonly string[]];

const POSIX = [
  '/srv/a',
  '/srv//a/',
  '/srv/a/b',
  '/srv/ab',
  '/srv/x/../a/./b/c',
  '/srv/A',
  '/srv',
  '/',
  null,
  'C:\\srv\\a',
];
const POSIX_CASES: readonly Case[] = [
  ['/srv/a', ['/srv/a', '/srv//a/'], ['/srv/a', '/srv//a/', '/srv/a/b', '/srv/x/../a/./b/c']],
  ['/srv/a/b', ['/srv/a/b'], ['/srv/a/b', '/srv/x/../a/./b/c']],
  ['/srv/x/..//a/', ['/srv/a', '/srv//a/'], ['/srv/a', '/srv//a/', '/srv/a/b', '/srv/x/../a/./b/c']],
  ['/', ['/'], ['/srv/a', '/srv//a/', '/srv/a/b', '/srv/ab', '/srv/x/../a/./b/c', '/srv/A', '/srv', '/']],
  ['/sr', [], []],
  ['/srv/a/b/c/d', [], []],
];

const WINDOWS = [
  'C:\\work',
  'c:/work/',
  'C:\\work\\sub',
  'C:\\workshop',
  'C:\\',
  'D:\\work',
  '\\\\host\\share\\x',
  '/work',
];
const WINDOWS_CASES: readonly Case[] = [
  ['c:\\work\\', ['C:\\work', 'c:/work/'], ['C:\\work', 'c:/work/', 'C:\\work\\sub']],
  ['C:\\', ['C:\\'], ['C:\\work', 'c:/work/', 'C:\\work\\sub', 'C:\\workshop', 'C:\\']],
  ['\\\\host\\share', [], ['\\\\host\\share\\x']],
  ['//host/share', [], []],
];

const ODD = [
  '/p/a_b/x',
  '/p/aXb/x',
  '/p/100%/x',
  '/p/100x/x',
  '/p/[a]/x',
  '/p/项目/é',
  '/p/项目/\u{1f600}',
  "/p/it's",
  '/p/*',
];
const ODD_CASES: readonly Case[] = [
  ['/p/a_b', [], ['/p/a_b/x']],
  ['/p/100%', [], ['/p/100%/x']],
  ['/p/[a]', [], ['/p/[a]/x']],
  ['/p/项目', [], ['/p/项目/é', '/p/项目/\u{1f600}']],
  ['/p/项目/\u{1f600}', ['/p/项目/\u{1f600}'], ['/p/项目/\u{1f600}']],
  ["/p/it's", ["/p/it's"], ["/p/it's"]],
  ['/p/*', ['/p/*'], ['/p/*']],
  ['/p/%', [], []],
];

export function describeClaimFilters(subject: () => Subject): void {
  /** What a claim with this filter takes, one after the other; before and after it is known whether there is any. */
  const takenBy = async (filter: ClaimFilter): Promise<readonly Task[]> => {
    const { queue } = subject();
    const isAny = await queue.store.anyReady(filter);
    const taken = await queue.drain(filter);
    expect([isAny, await queue.store.anyReady(filter)]).toEqual([taken.length > 0, false]);
    return taken;
  };

  const promptsTaken = async (all: readonly Partial<TaskDraft>[], filter: ClaimFilter): Promise<string> => {
    const { queue } = subject();
    await queue.createAll(all);
    return (await takenBy(filter)).map(({ state }) => state.prompt ?? '').join('');
  };

  const directoriesTaken = async (all: readonly (string | null)[], filter: ClaimFilter): Promise<unknown> => {
    const { queue } = subject();
    await queue.createAll(all.map((workDirectory) => ({ workDirectory })));
    return (await takenBy(filter)).map(({ state }) => state.workDirectory);
  };

  describe.each([
    ['POSIX directories', POSIX, POSIX_CASES],
    ['Windows directories', WINDOWS, WINDOWS_CASES],
    ['directories with signs that databases read', ODD, ODD_CASES],
  ])('claiming by %s', (_, all, cases) => {
    it.each(cases)('takes what is at %s', async (path, exact) => {
      expect(await directoriesTaken(all, at(path))).toEqual(exact);
    });

    it.each(cases)('takes what is at or below %s', async (path, _exact, recursive) => {
      expect(await directoriesTaken(all, below(path))).toEqual(recursive);
    });
  });

  describe('claiming by type and knowledge base', () => {
    const ALL: readonly Partial<TaskDraft>[] = [
      { prompt: 'a', taskType: 'build', kbId: 'kb-1' },
      { prompt: 'b', taskType: 'build', kbId: null },
      { prompt: 'c', taskType: 'test', kbId: 'kb-1', priority: 9 },
      { prompt: 'd', taskType: 'deploy', kbId: 'kb-2' },
      { prompt: 'e', taskType: 'test', kbId: 'KB-1', workDirectory: '/srv/other' },
    ];
    it.each<[ClaimFilter, string]>([
      [{}, 'cabde'],
      [{ taskTypes: ['build'] }, 'ab'],
      [{ taskTypes: ['build', 'test'] }, 'cabe'],
      [{ taskTypes: ['test', 'unheard-of'] }, 'ce'],
      [{ taskTypes: ['unheard-of'] }, ''],
      [{ kbId: 'kb-1' }, 'ca'],
      [{ kbId: 'kb-3' }, ''],
      [{ kbId: 'kb-1', taskTypes: ['build', 'deploy'] }, 'a'],
      [{ ...at('/srv/other'), taskTypes: ['test'] }, 'e'],
      [{ ...below('/srv'), kbId: 'kb-2' }, 'd'],
    ])('takes for %j the tasks %s', async (filter, taken) => {
      expect(await promptsTaken(ALL, filter)).toBe(taken);
    });

    it('leaves what the filter does not take to others', async () => {
      const { queue } = subject();
      await queue.createAll(ALL);
      await queue.drain({ taskTypes: ['build', 'test'] });
      expect((await queue.drain()).map(({ state }) => state.prompt)).toEqual(['d']);
    });
  });

  it('goes by priority, then arrival, over all the directories that a claim takes', async () => {
    const { queue } = subject();
    const all = Array.from({ length: 90 }, (_, index) => ({
      workDirectory: `/srv/tree/${index % 30}`,
      taskType: index % 2 === 0 ? 'even' : 'odd',
      priority: 1 + ((index * 7) % 10),
    }));
    const created = await queue.createAll(all);
    const due = [...created].sort((a, b) => b.state.priority - a.state.priority).map(({ id }) => id);
    expect((await queue.drain(below('/srv/tree'))).map(({ id }) => id)).toEqual(due);
  });

  it.each<[string, (index: number) => number]>([
    ['behind', () => 1],
    ['among', (index) => 1 + ((index * 3) % 10)],
    ['before', () => 10],
  ])('does so over very many directories, with more that waits elsewhere %s them', async (_, elsewhere) => {
    const { queue } = subject();
    const all = Array.from({ length: 330 }, (_all, index) => {
      const isIn = index % 3 === 0;
      return {
        workDirectory: isIn ? `/srv/tree/${index % 110}` : `/srv/forest/${index % 7}`,
        priority: isIn ? 1 + ((index * 7) % 10) : elsewhere(index),
      };
    });
    const created = await queue.createAll(all);
    const due = created
      .filter((_task, index) => index % 3 === 0)
      .sort((a, b) => b.state.priority - a.state.priority)
      .map(({ id }) => id);
    const claimed: string[] = [];
    for (const limit of [1, 1, 7, 40, 100]) {
      claimed.push(...(await queue.claimUpTo(limit, below('/srv/tree'))).map(({ id }) => id));
    }
    expect(claimed).toEqual(due);
  });
}
