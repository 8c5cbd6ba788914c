import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { TaskStore } from '../ports/task-store';

/** Whether an answer reaches nobody: its caller has hung up, and has no idempotency key to come back with. */
export function isAbandoned({ signal, idempotency }: Call): boolean {
  return signal.aborted && idempotency === undefined;
}

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
