import type { IdempotencyKey } from '@task/application';
import type { Decide, JsonDocument, Task } from '@task/domain';
import { ACTOR } from '../../../support/builders';
import { proofOf, type TestQueue } from '../../../support/test-queue';
import type { Subject } from '../../subject';

/** What a task's holder says when it is done. */
export const complete =
  (task: Task, result: JsonDocument | null = null): Decide =>
  (current, now) =>
    current.complete(result, proofOf(task), ACTOR, now);

/** Gives up a task that waits. */
export const cancel: Decide = (task, now) => task.cancel(null, false, ACTOR, now);

/** Claims under a key. */
export const claimBy = (queue: TestQueue, key: IdempotencyKey, limit = 1): Promise<readonly Task[]> =>
  queue.claimUpTo(limit, {}, {}, key);

/** A task that is being worked on. */
export async function working({ queue }: Subject): Promise<Task> {
  await queue.create();
  return queue.claimed();
}

/** All that a command could have changed. */
export async function everything({ queue }: Subject): Promise<unknown> {
  return {
    tasks: await queue.all(),
    events: await queue.events(),
    counts: await queue.store.countByStatus(),
  };
}
