import {
  StoreUnavailable,
  TaskStore,
  type Cancellation,
  type ClaimFilter,
  type Clock,
  type DecideNew,
  type HistoryEntry,
  type StatusCounts,
  type TaskPage,
  type TaskPageRequest,
} from '@task/application';
import {
  normalisePath,
  TASK_STATUSES,
  Task,
  TaskNotFound,
  type Decide,
  type Decision,
  type EpochMs,
  type TaskStatus,
  type Transition,
} from '@task/domain';
import { claimableBy } from './claim-order';
import type { StoredTask } from './stored-task';
import { pageOf } from './task-pages';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps tasks in the memory of one process: the reference by which the databases' adapters are judged, so that it is
 * written to be read and not to be fast.
 */
export class InMemoryTaskStore extends TaskStore {
  /** In order of arrival. */
  private readonly stored = new Map<string, StoredTask>();
  private lastEventId = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  override insert(decide: DecideNew, signal: Cancellation): Promise<readonly Task[]> {
    return this.run(signal, () => {
      const decisions = decide(this.clock.now(), this.count('waiting'));
      this.requireNew(decisions);
      return this.commit(decisions);
    });
  }

  override update(id: string, decide: Decide, signal: Cancellation): Promise<Task> {
    return this.run(signal, () => {
      const task = this.get(id)?.task;
      if (task === undefined) throw new TaskNotFound(id);
      const decision = decide(task, this.clock.now());
      this.commit([decision]);
      return decision.task;
    });
  }

  override claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    signal: Cancellation,
  ): Promise<readonly Task[]> {
    return this.run(signal, () => {
      const now = this.clock.now();
      this.promoteDue(now);
      const candidates = claimableBy(filter, [...this.stored.values()]).slice(0, limit);
      return this.commit(candidates.map(({ task }) => decide(task, now)));
    });
  }

  override async find(id: string): Promise<Task | null> {
    await Promise.resolve();
    return this.get(id)?.task ?? null;
  }

  override async list(request: TaskPageRequest): Promise<TaskPage> {
    await Promise.resolve();
    return pageOf(request, [...this.stored.values()]);
  }

  override async history(id: string): Promise<readonly HistoryEntry[] | null> {
    await Promise.resolve();
    return this.get(id)?.history ?? null;
  }

  override async countByStatus(): Promise<StatusCounts> {
    await Promise.resolve();
    return Object.fromEntries(
      TASK_STATUSES.map((status) => [status, this.count(status)]),
    ) as unknown as StatusCounts;
  }

  override async ping(): Promise<void> {
    await Promise.resolve();
  }

  /** Commands never wait inside, so that they cannot meet: each runs whole, in the order in which they came. */
  private async run<T>(signal: Cancellation, command: () => T): Promise<T> {
    await Promise.resolve();
    if (signal.aborted) throw new StoreUnavailable('timed_out');
    return command();
  }

  private get(id: string): StoredTask | undefined {
    const lowerCase = id.toLowerCase();
    return UUID.test(lowerCase) ? this.stored.get(lowerCase) : undefined;
  }

  private count(status: TaskStatus): number {
    return [...this.stored.values()].filter(({ task }) => task.status === status).length;
  }

  private requireNew(decisions: readonly Decision[]): void {
    const ids = decisions.map(({ task }) => task.id);
    if (new Set(ids).size < ids.length || ids.some((id) => this.stored.has(id))) {
      throw new Error('a new task has the id of another one');
    }
  }

  private promoteDue(now: EpochMs): void {
    for (const row of this.stored.values()) {
      const { gate, availableAt } = row.task.state;
      if (gate !== 'scheduled' || availableAt === null || availableAt > now) continue;
      this.stored.set(row.task.id, { ...row, task: row.task.becomeDue(now) });
    }
  }

  /** Runs when everything is decided, and cannot fail: nothing has to be undone. */
  private commit(decisions: readonly Decision[]): readonly Task[] {
    return decisions.map(({ task, effects }) => {
      const { seq, history, directory } = this.stored.get(task.id) ?? this.arrival(task);
      const entries = effects.map((effect) => this.logged(task.id, effect));
      this.stored.set(task.id, { seq, directory, task: ownCopy(task), history: [...history, ...entries] });
      return task;
    });
  }

  private arrival({ state }: Task): Omit<StoredTask, 'task'> {
    const directory = state.workDirectory === null ? null : normalisePath(state.workDirectory);
    return { seq: this.stored.size + 1, directory, history: [] };
  }

  private logged(taskId: string, transition: Transition): HistoryEntry {
    const { command, from, to, version, attempt, workerId, at, details } = transition;
    this.lastEventId += 1;
    return { eventId: this.lastEventId, taskId, command, from, to, version, attempt, workerId, at, details };
  }
}

/** Lists are the one part of a state that a caller may still hold in its hands. */
function ownCopy({ state }: Task): Task {
  return new Task({ ...state, tags: Object.freeze([...state.tags]) });
}
