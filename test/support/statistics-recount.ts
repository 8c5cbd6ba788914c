import {
  MOMENT_MS,
  type Duration,
  type HistoryEntry,
  type Moment,
  type Span,
  type TaskCount,
  type TypeCount,
} from '@task/application';
import { TASK_STATUSES, type EpochMs, type Task, type TaskStatus } from '@task/domain';

/** What statistics should say, by looking at every task and every event. */
export interface Recount {
  readonly counts: readonly TaskCount[];
  /** With the most tasks first. */
  readonly types: readonly TypeCount[];
  readonly moments: (unit: keyof typeof MOMENT_MS) => readonly Moment[];
  readonly durationsWithin: (span: Span) => readonly Duration[];
  readonly durationsOf: (taskType: string) => readonly Duration[];
}

/** Counts anew. */
export function recount(tasks: readonly Task[], events: readonly HistoryEntry[]): Recount {
  const completed = tasks.filter(({ status }) => status === 'completed');
  return {
    counts: countsOf(tasks),
    types: typesOf(tasks),
    moments: (unit) => momentsOf(MOMENT_MS[unit], events, new Map(tasks.map((task) => [task.id, task]))),
    durationsWithin: ({ from, to }) =>
      exact(
        completed.filter(
          ({ state: { completedAt } }) => (completedAt ?? 0) >= from && (completedAt ?? 0) < to,
        ),
      ),
    durationsOf: (taskType) => exact(completed.filter(({ state }) => state.taskType === taskType)),
  };
}

function countsOf(tasks: readonly Task[]): readonly TaskCount[] {
  const counts: TaskCount[] = [];
  for (const status of TASK_STATUSES) {
    for (let priority = 1; priority <= 10; priority += 1) {
      const alike = tasks.filter((task) => task.status === status && task.state.priority === priority);
      if (alike.length > 0) counts.push({ status, priority, tasks: alike.length });
    }
  }
  return counts;
}

function typesOf(tasks: readonly Task[]): readonly TypeCount[] {
  const names = [...new Set(tasks.map(({ state }) => state.taskType))].sort();
  const all = names.map((taskType): [TypeCount, number] => {
    const own = tasks.filter(({ state }) => state.taskType === taskType);
    const count = (status: TaskStatus): number => own.filter((task) => task.status === status).length;
    const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, count(status)]));
    const processingMs = own.reduce((sum, task) => sum + tookMs(task), 0);
    return [{ taskType, tasks: byStatus as Record<TaskStatus, number>, processingMs }, own.length];
  });
  return all.sort(([, one], [, other]) => other - one).map(([type]) => type);
}

function momentsOf(
  unitMs: number,
  events: readonly HistoryEntry[],
  tasks: ReadonlyMap<string, Task>,
): readonly Moment[] {
  const moments = new Map<EpochMs, { -readonly [Name in keyof Moment]: Moment[Name] }>();
  for (const { at, command, from, to, taskId } of events) {
    const start = at - (at % unitMs);
    const nothing = {
      created: 0,
      claimed: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      retried: 0,
      processingMs: 0,
    };
    const moment = moments.get(start) ?? { at: start, ...nothing };
    moments.set(start, moment);
    if (from === null) moment.created += 1;
    else if (to === 'working') moment.claimed += 1;
    else if (to === 'completed' || to === 'failed' || to === 'cancelled') moment[to] += 1;
    else if (command !== 'release') moment.retried += 1;
    const task = tasks.get(taskId);
    if (to === 'completed' && task !== undefined) moment.processingMs += tookMs(task);
  }
  return [...moments.values()].sort((one, other) => one.at - other.at);
}

function exact(tasks: readonly Task[]): readonly Duration[] {
  const all = tasks.map(tookMs).sort((one, other) => one - other);
  return all.map((ms) => ({ ms, tasks: 1 }));
}

function tookMs({ status, state: { startedAt, completedAt } }: Task): number {
  return status === 'completed' ? Math.max(0, (completedAt ?? 0) - (startedAt ?? 0)) : 0;
}
