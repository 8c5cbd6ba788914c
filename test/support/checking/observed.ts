import type { TaskStore } from '@task/application';
import type { TaskCommand, TaskStatus } from '@task/domain';

/** A task as it is in the end, whichever door it was read through. */
export interface ObservedTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly version: number;
  readonly attempt: number;
  readonly retryCount: number;
}

/** A row of a history, whichever door it was read through. */
export interface ObservedTransition {
  readonly eventId: number;
  readonly taskId: string;
  readonly command: TaskCommand;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  readonly version: number;
  readonly attempt: number;
  readonly workerId: string | null;
  /** By the store's clock, epoch ms. */
  readonly at: number;
}

/** All that is finally in a store; the rows of each task in the order in which the store told them. */
export interface Observed {
  readonly tasks: readonly ObservedTask[];
  readonly transitions: readonly ObservedTransition[];
}

const PAGE = 1000;

/** Reads everything through the port. */
export async function observeStore(store: TaskStore): Promise<Observed> {
  const tasks: ObservedTask[] = [];
  const transitions: ObservedTransition[] = [];
  const request = { filter: {}, sort: { by: 'created_at', order: 'asc' }, limit: PAGE, offset: 0 } as const;
  let page = await store.list({ ...request, after: null });
  for (;;) {
    for (const { id, attempt, state } of page.tasks) {
      const { status, version, retryCount } = state;
      tasks.push({ id, status, version, attempt, retryCount });
      transitions.push(...((await store.history(id)) ?? []));
    }
    if (page.next === null) return { tasks, transitions };
    page = await store.list({ ...request, after: page.next });
  }
}
