import {
  MOMENT_MS,
  Statistics,
  type Clock,
  type Duration,
  type HistoryEntry,
  type KindFilter,
  type Moment,
  type Span,
  type TaskCount,
  type TypeCount,
} from '@task/application';
import { TASK_STATUSES, type EpochMs, type Task, type TaskStatus } from '@task/domain';
import type { InMemoryTaskStore } from './in-memory-task-store';

/** Counts the tasks of a store in memory, and what happened to them, anew at every call. */
export class InMemoryStatistics extends Statistics {
  constructor(
    private readonly store: InMemoryTaskStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async counts(): Promise<readonly TaskCount[]> {
    await Promise.resolve();
    const alike = Map.groupBy(this.store.all(), ({ state }) => `${state.status} ${state.priority}`);
    return [...alike.values()].flatMap(([task, ...rest]) =>
      task === undefined
        ? []
        : [{ status: task.status, priority: task.state.priority, tasks: rest.length + 1 }],
    );
  }

  override async types({ taskType, kbId }: KindFilter, limit: number): Promise<readonly TypeCount[]> {
    await Promise.resolve();
    const wanted = this.store
      .all()
      .filter(({ state }) => taskType === undefined || state.taskType === taskType)
      .filter(({ state }) => kbId === undefined || state.kbId === kbId);
    return [...Map.groupBy(wanted, ({ state }) => state.taskType)]
      .sort(
        ([oneType, one], [otherType, other]) => other.length - one.length || (oneType < otherType ? -1 : 1),
      )
      .slice(0, limit)
      .map(([name, tasks]) => ({
        taskType: name,
        tasks: countsOf(tasks),
        processingMs: tasks.reduce((sum, task) => sum + tookMs(task), 0),
      }));
  }

  override async moments(unit: keyof typeof MOMENT_MS, span: Span): Promise<readonly Moment[]> {
    await Promise.resolve();
    const startOf = (at: EpochMs): EpochMs => Math.floor(at / MOMENT_MS[unit]) * MOMENT_MS[unit];
    const events = this.store.allEvents().map(({ event }) => event);
    const within = events.filter(({ at }) => at >= span.from && at < span.to);
    const tasks = new Map(this.store.all().map((task) => [task.id, task]));
    return [...Map.groupBy(within, ({ at }) => startOf(at))]
      .sort(([one], [other]) => one - other)
      .map(([at, of]) => momentOf(at, of, tasks));
  }

  override async durationsWithin({ from, to }: Span): Promise<readonly Duration[]> {
    await Promise.resolve();
    return durationsOf(
      this.store.all().filter(({ state: { completedAt } }) => isWithin(completedAt, from, to)),
    );
  }

  override async durationsOf(taskType: string): Promise<readonly Duration[]> {
    await Promise.resolve();
    return durationsOf(this.store.all().filter(({ state }) => state.taskType === taskType));
  }

  override async claimableSince(): Promise<EpochMs | null> {
    await Promise.resolve();
    const waiting = this.store.all().filter(({ status }) => status === 'waiting');
    const ready = waiting.filter(({ state }) => state.gate === 'ready');
    const firsts = [...Map.groupBy(ready, ({ state }) => state.priority).values()].flatMap(([first]) =>
      first === undefined ? [] : [Math.max(first.state.updatedAt, first.state.availableAt ?? 0)],
    );
    const due = waiting.flatMap(({ state: { gate, availableAt } }) =>
      gate === 'scheduled' && availableAt !== null && availableAt <= this.clock.now() ? [availableAt] : [],
    );
    return [...firsts, ...due].sort((one, other) => one - other)[0] ?? null;
  }
}

function countsOf(tasks: readonly Task[]): Readonly<Record<TaskStatus, number>> {
  const count = (status: TaskStatus): number => tasks.filter((task) => task.status === status).length;
  return Object.fromEntries(TASK_STATUSES.map((status) => [status, count(status)])) as Record<
    TaskStatus,
    number
  >;
}

function momentOf(at: EpochMs, events: readonly HistoryEntry[], tasks: ReadonlyMap<string, Task>): Moment {
  const to = (status: TaskStatus): number => events.filter((event) => event.to === status).length;
  const by = (command: HistoryEntry['command']): number =>
    events.filter((event) => event.command === command).length;
  const completed = events.filter((event) => event.to === 'completed');
  return {
    at,
    created: by('create'),
    claimed: by('claim'),
    completed: completed.length,
    failed: to('failed'),
    cancelled: to('cancelled'),
    retried: to('waiting') - by('create') - by('release'),
    processingMs: completed
      .flatMap(({ taskId }) => tasks.get(taskId) ?? [])
      .reduce((sum, task) => sum + tookMs(task), 0),
  };
}

function durationsOf(tasks: readonly Task[]): readonly Duration[] {
  const completed = tasks.filter(({ status }) => status === 'completed');
  return [...Map.groupBy(completed, tookMs)]
    .map(([ms, alike]) => ({ ms, tasks: alike.length }))
    .sort((one, other) => one.ms - other.ms);
}

/** From claim to completion; nothing for tasks that are not completed. */
function tookMs({ state: { status, startedAt, completedAt } }: Task): number {
  return status !== 'completed' || startedAt === null || completedAt === null
    ? 0
    : Math.max(0, completedAt - startedAt);
}

function isWithin(at: EpochMs | null, from: EpochMs, to: EpochMs): boolean {
  return at !== null && at >= from && at < to;
}
