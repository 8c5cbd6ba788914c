import type { TaskFilter } from '@task/application';
import { JsonDocument, Retention, type Task } from '@task/domain';
import type { Subject } from '../subject';

/** What ended in this very moment is over already. */
export const AT_ONCE = new Retention(0);

/** Archives until nothing is left. @returns how many tasks went */
export async function archiveAll(
  { archive }: Pick<Subject, 'archive'>,
  retention = AT_ONCE,
  limit = 1000,
): Promise<number> {
  let archived = 0;
  for (let place = 0; ;) {
    const step = await archive.step(retention, place, limit);
    archived += step.archived;
    if (!step.hasMore) return archived;
    expect(step.readTo).toBeGreaterThan(place);
    place = step.readTo;
  }
}

/** A task in each status. */
export interface Live {
  readonly completed: Task;
  readonly failed: Task;
  readonly cancelled: Task;
  readonly working: Task;
  readonly waiting: Task;
}

/** Files a task in each status, with something of everything about it. */
export async function live({ queue }: Subject): Promise<Live> {
  await queue.createAll([
    {
      ...{
        workDirectory: '/srv//a/',
        taskType: 'build',
        kbId: '知识',
        tags: ['α', 'b', 'α'],
        priority: 9,
      },
      ...{ payload: JsonDocument.of({ n: 1 }), metadata: JsonDocument.of({ who: '张三' }) },
    },
    { priority: 8, maxRetries: 1 },
    { priority: 7, workDirectory: null, prompt: null, payload: JsonDocument.of({}) },
    { priority: 6, timeoutSeconds: 60 },
    { priority: 5, tags: ['b'] },
  ]);
  const completed = await queue.complete(await queue.claimed(), JsonDocument.of({ lines: 3 }));
  const failed = await queue.fail(await queue.claimed(), { retryable: false });
  const [, , third] = await queue.all();
  if (third === undefined) throw new Error('there are five tasks');
  const cancelled = await queue.cancel(third, '够了');
  const working = await queue.claimed();
  const waiting = (await queue.all({ status: 'waiting' }))[0] ?? working;
  return { completed, failed, cancelled, working, waiting };
}

/** Files a task in each status, and archives those that have ended. */
export async function archived(subject: Subject): Promise<Live> {
  const tasks = await live(subject);
  expect(await archiveAll(subject)).toBe(3);
  return tasks;
}

/** How many tasks a list tells that it has. */
export async function total({ queue }: Subject, filter: TaskFilter = {}): Promise<number> {
  const sort = { by: 'created_at', order: 'asc' } as const;
  return (await queue.store.list({ filter, sort, limit: 1, offset: 0, after: null })).total;
}
