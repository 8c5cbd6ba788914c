import type { TaskFilter } from '@task/application';
import { only } from '../support/test-queue';
import { at, TappedSqlite } from './tapped-sqlite';

describe('the statements of a store on SQLite', () => {
  let tapped: TappedSqlite;

  beforeEach(async () => {
    tapped = await TappedSqlite.open();
  });
  afterEach(() => tapped.end());

  it('sort nothing, and read through tasks only in the order that is wanted', async () => {
    // Tags have the order of creation only; a total scans what its own stream has found.
    const plan = await tapped.plansOf(/^(?!.*(?:\) w CROSS JOIN tasks t|AS looked))/s, everything);
    expect(plan.filter((line) => line.includes('TEMP B-TREE'))).toEqual([]);
    expect(new Set(plan.filter((line) => /^SCAN (?:tasks|t)\b/.test(line)))).toEqual(
      new Set(['SCAN tasks USING COVERING INDEX tasks_ready', 'SCAN t USING INDEX tasks_by_creation']),
    );
  });

  it('give the planner no value that it would compile them anew for', async () => {
    await everything();
    expect(tapped.wiretap.compiled.length).toBeGreaterThan(30);
    expect(tapped.wiretap.compiled.filter(isSeenByPlanner)).toEqual([]);
  });

  it('which would be noticed', () => {
    tapped.judge.prepare('SELECT seq FROM tasks WHERE id = ?');
    expect(tapped.wiretap.compiled.filter(isSeenByPlanner)).toEqual(['SELECT seq FROM tasks WHERE id = ?']);
  });

  it('are compiled at the first time, and never again', async () => {
    await everything();
    const first = tapped.wiretap.compiled.length;
    await everything();
    expect(tapped.wiretap.compiled.slice(first)).toEqual([]);
  });

  /** Each kind of work once. */
  async function everything(): Promise<void> {
    await tapped.queue.createAll([
      { tags: ['a', 'b'], priority: 9 },
      { autoRetry: true },
      { availableAt: tapped.clock.now() + 5 },
      { kbId: 'kb-1' },
      { workDirectory: '/srv/project/part' },
      { taskType: 'build' },
    ]);
    tapped.clock.advance(5);
    await tapped.queue.complete(await tapped.queue.claimed());
    await tapped.queue.fail(await tapped.queue.claimed({ kbId: 'kb-1' }));
    await tapped.queue.release(
      await tapped.queue.claimed({ ...at('/srv', true), taskTypes: ['agent_prompt'] }),
    );
    await tapped.queue.claimUpTo(2, at('/srv/project', false));
    const [task] = await tapped.queue.all({ status: 'failed' });
    if (task !== undefined) await tapped.queue.retry(task);
    await tapped.queue.cancel(only(await tapped.queue.all({ taskType: 'build', status: 'waiting' })));
    await tapped.queue.events();
    for (const filter of FILTERS) {
      for (const by of ['created_at', 'priority', 'status'] as const)
        await tapped.queue.all(filter, { by, order: 'desc' });
    }
    await tapped.opened.tasks.countByStatus();
    await tapped.opened.tasks.ping();
  }
});

const FILTERS: readonly TaskFilter[] = [
  {},
  { status: 'waiting', priorities: { from: 4, to: 6 } },
  { taskType: 'agent_prompt', kbId: 'kb-1' },
  { directoryContains: 'project' },
  { tags: { names: ['a', 'b'], mode: 'all' } },
  { tags: { names: ['a', 'b'], mode: 'any' }, status: 'completed' },
  { createdAfter: 0, createdBefore: 9e15 },
];

/** Whether a parameter stands where the planner looks at its value; prepare.ts tells why that is dear. */
function isSeenByPlanner(sql: string): boolean {
  return /(?<!\+)\?/.test(sql);
}
