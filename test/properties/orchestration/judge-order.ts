import type { HistoryEntry } from '@task/application';
import type { DependencyPolicy, Task, TaskStatus } from '@task/domain';
import type { Filed, Play } from './play';

/** What the statuses of a dependency mean, said a second time. */
function isMetBy(status: TaskStatus, policy: DependencyPolicy): boolean {
  return status === 'completed' || (policy === 'run' && (status === 'failed' || status === 'cancelled'));
}

/** The task because of which another one was cancelled, if it was so. */
function causeIn(reason: unknown): string | undefined {
  return typeof reason === 'string' ? /^depends on (\S+),/.exec(reason)?.[1] : undefined;
}

/** No task is claimed before all that it depends on let it, nor cancelled for one that did not fail. */
export function expectOrder(filed: readonly Filed[], events: readonly HistoryEntry[]): void {
  const ofTask = Map.groupBy(events, ({ taskId }) => taskId);
  for (const task of filed) {
    const own = ofTask.get(task.id) ?? [];
    const born = own[0]?.eventId ?? Infinity;
    /** The statuses that a dependency has had between the task's creation and this event. */
    const seen = (on: string, before: number): TaskStatus[] => {
      const all = ofTask.get(on) ?? [];
      const atBirth = all.findLast(({ eventId }) => eventId < born);
      const since = all.filter(({ eventId }) => eventId >= born && eventId < before);
      return [...(atBirth === undefined ? [] : [atBirth]), ...since].map(({ to }) => to);
    };
    for (const { command, eventId, details } of own) {
      const unmet = task.dependsOn.filter(
        (on) => !seen(on, eventId).some((status) => isMetBy(status, task.policy)),
      );
      if (command === 'claim')
        expect([task.id, 'claimed before', unmet]).toEqual([task.id, 'claimed before', []]);
      const cause = causeIn(details?.reason);
      if (command !== 'cancel' || cause === undefined) continue;
      expect([task.policy, task.dependsOn.includes(cause)]).toEqual(['cancel', true]);
      expect(seen(cause, eventId).some((status) => status === 'failed' || status === 'cancelled')).toBe(true);
    }
  }
}

/** What every task says that it waits for is what its dependencies say. */
export async function expectCountedEdges({ filed, queue }: Play, tasks: readonly Task[]): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const stored = await queue.store.dependenciesOf(
    filed.map(({ id }) => id),
    0,
  );
  for (const { id, dependsOn } of filed) {
    const edges = stored.get(id) ?? [];
    expect(edges.map(({ taskId }) => taskId).sort()).toEqual([...dependsOn].sort());
    const { status, needs, gate } = byId.get(id)?.state ?? {};
    if (status !== 'waiting') continue;
    const pending = edges.filter(({ isSettled }) => !isSettled).length;
    expect([id, needs?.pending ?? 0, gate === 'blocked']).toEqual([id, pending, pending > 0]);
  }
}

/** Once everybody has been told, no task waits for what has been done, or goes on waiting for what has failed. */
export function expectAllTold(filed: readonly Filed[], tasks: readonly Task[]): void {
  const statusOf = new Map(tasks.map(({ id, status }) => [id, status]));
  for (const { id, dependsOn, policy } of filed) {
    const now = dependsOn.map((on) => statusOf.get(on) ?? 'waiting');
    const state = tasks.find((task) => task.id === id)?.state;
    const isBroken = now.some((status) => status === 'failed' || status === 'cancelled');
    if (policy === 'cancel' && isBroken) expect([id, state?.status]).toEqual([id, 'cancelled']);
    if (state?.status !== 'waiting') continue;
    const open = now.filter((status) => !isMetBy(status, policy)).length;
    expect([id, (state.needs?.pending ?? 0) <= open]).toEqual([id, true]);
  }
}
