import type { Task } from '@task/domain';
import type { TaskStore } from '../ports/task-store';

/** Releases tasks at once that were claimed for a caller whom the answer does not reach; no retry is counted. */
export async function giveBack(tasks: TaskStore, claimed: readonly Task[], actor: string): Promise<void> {
  const stillWanted = { aborted: false };
  await Promise.all(
    claimed.map(({ id, state }) => {
      const proof = { leaseToken: state.lease?.token };
      return tasks.update(
        id,
        (task, now) => task.release('the caller hung up before the answer', proof, actor, now),
        stillWanted,
      );
    }),
  );
}
