import {
  StoreUnavailable,
  TaskStore,
  type ArchiveStep,
  type Cancellation,
  type ClaimFilter,
  type Clock,
  type ConcurrencyKey,
  type DecideNew,
  type Dependency,
  type Dependent,
  type HistoryEntry,
  type IdempotencyKey,
  type StatusCounts,
  type TaskPage,
  type TaskPageRequest,
} from '@task/application';
import {
  TASK_STATUSES,
  TaskNotFound,
  type Decide,
  type DecideDependent,
  type Decision,
  type EpochMs,
  type Task,
} from '@task/domain';
import { Commits } from '../persistence/commits';
import { eventsOf, type PlacedEvent } from './archived-tasks';
import { claimableBy } from './claim-order';
import { InMemoryOutcomes, type OutcomeKind } from './in-memory-outcomes';
import { overdueAt, withShiftedLease } from './lease-ends';
import { InMemoryTasks } from './in-memory-tasks';
import { pageOf } from './task-pages';

/** What a step of archiving takes, and how far it looked. */
interface ArchivePlan extends Omit<ArchiveStep, 'archived'> {
  readonly isOver: (task: Task) => boolean;
}

const ALWAYS_WANTED: Cancellation = { aborted: false };

/**
 * Keeps tasks in the memory of one process: the reference by which the databases' adapters are judged, so that it is
 * written to be read and not to be fast.
 */
export class InMemoryTaskStore extends TaskStore {
  private readonly table: InMemoryTasks;
  private readonly outcomes = new InMemoryOutcomes();
  /** When workers gave a sign of life beside any task, by name. */
  readonly seen = new Map<string, EpochMs[]>();

  constructor(
    private readonly clock: Clock,
    commits: Commits = new Commits(),
  ) {
    super();
    this.table = new InMemoryTasks(clock, commits);
  }

  override insert(
    decide: DecideNew,
    signal: Cancellation,
    key?: IdempotencyKey,
    dependsOn: readonly string[] = [],
  ): Promise<readonly Task[]> {
    return this.once('insert', signal, key, () => {
      const known = new Set(dependsOn.map((id) => id.toLowerCase()));
      const find = (id: string): Task | undefined => (known.has(id) ? this.table.get(id)?.task : undefined);
      const decisions = decide(this.clock.now(), this.table.count('waiting'), find);
      this.table.requireNew(decisions);
      return this.table.commit(decisions);
    });
  }

  override async update(
    id: string,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<Task> {
    const [changed] = await this.once('update', signal, key, () => {
      const task = this.table.get(id)?.task;
      if (task === undefined) throw new TaskNotFound(id);
      const decision = this.table.decide(task, decide);
      return decision.task === task ? [task] : this.table.commit([decision]);
    });
    if (changed === undefined) throw new TaskNotFound(id);
    return changed;
  }

  override claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    return this.once('claim', signal, key, () => {
      const now = this.clock.now();
      this.table.promoteDue(now);
      const candidates = claimableBy(filter, this.table.rows).slice(0, limit);
      return this.table.commit(candidates.map(({ task }) => decide(task, now)));
    });
  }

  override lapse(limit: number, decide: Decide): Promise<number> {
    return this.run(ALWAYS_WANTED, () => {
      const now = this.clock.now();
      this.table.promoteDue(now);
      const overdue = overdueAt(now, this.table.rows).slice(0, limit);
      const decisions = overdue.map(({ task }) => ({ task, decision: decide(task, now) }));
      const lapsed = decisions.flatMap(({ task, decision }) => (decision.task === task ? [] : [decision]));
      return this.table.commit(lapsed).length;
    });
  }

  override tellDependents(limit: number, decide: DecideDependent): Promise<number> {
    return this.run(ALWAYS_WANTED, () => this.table.tellDependents(limit, decide));
  }

  override async dependenciesOf(
    ids: readonly string[],
    resultBytes: number,
  ): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    await Promise.resolve();
    const stored = ids.flatMap((id) => this.table.get(id) ?? []);
    const found = stored.map(({ task: { id } }) => [id, this.table.dependenciesOf(id, resultBytes)] as const);
    return new Map(found.filter(([, dependencies]) => dependencies.length > 0));
  }

  override async dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]> {
    await Promise.resolve();
    return this.table
      .dependentsOf(id.toLowerCase())
      .filter(({ place }) => place > after)
      .sort((left, right) => left.place - right.place)
      .slice(0, limit);
  }

  /** Gives a concurrency key its limit. */
  limitKey(key: string, limit: number): Promise<void> {
    return this.run(ALWAYS_WANTED, () => {
      this.table.limitKey(key, limit);
    });
  }

  /** Every concurrency key in the order of their names. */
  concurrencyKeys(): readonly ConcurrencyKey[] {
    return this.table.concurrencyKeys();
  }

  override shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void> {
    return this.run(ALWAYS_WANTED, () => {
      for (const row of this.table.rows) {
        this.table.replace(row, withShiftedLease(row.task, { byMs, now, withinMs }));
      }
    });
  }

  override forgetOutcomes(limit: number): Promise<number> {
    return this.run(ALWAYS_WANTED, () => this.outcomes.forget(this.clock.now(), limit));
  }

  override async nextDueAt(): Promise<EpochMs | null> {
    await Promise.resolve();
    const times = this.table.rows.flatMap(({ task: { state } }) =>
      state.gate === 'scheduled' && state.availableAt !== null ? [state.availableAt] : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  override async anyReady(filter: ClaimFilter): Promise<boolean> {
    await Promise.resolve();
    return claimableBy(filter, this.table.rows).length > 0;
  }

  override async placeInLine(id: string): Promise<number> {
    await Promise.resolve();
    const line = claimableBy({}, this.table.rows);
    return line.findIndex(({ task }) => task.id === id.toLowerCase()) + 1;
  }

  /** Does something that may make tasks, whole or not at all. */
  together(
    signal: Cancellation,
    key: IdempotencyKey | undefined,
    work: (now: EpochMs, waiting: number) => readonly Decision[],
  ): Promise<readonly Task[]> {
    return this.once('insert', signal, key, () => {
      const decisions = work(this.clock.now(), this.table.count('waiting'));
      this.table.requireNew(decisions);
      return this.table.commit(decisions);
    });
  }

  /** Takes down that a worker lives. */
  see(workerId: string, signal: Cancellation): Promise<void> {
    return this.run(signal, () => {
      this.seen.set(workerId, [...(this.seen.get(workerId) ?? []), this.clock.now()]);
    });
  }

  /** Moves what is over out of the way of everything else. @param plan is given the events of what is not archived */
  archive(plan: (now: EpochMs, events: readonly HistoryEntry[]) => ArchivePlan): Promise<ArchiveStep> {
    return this.run(ALWAYS_WANTED, () => {
      const events = eventsOf(this.table.rows).map(({ event }) => event);
      const { isOver, ...step } = plan(this.clock.now(), events);
      return { ...step, archived: this.table.archive(isOver) };
    });
  }

  /** Every task, archived ones too, in order of arrival. */
  all(): readonly Task[] {
    return this.table.allRows.map(({ task }) => task);
  }

  /** Every event so far, oldest first, each with the directory of its task. */
  allEvents(): readonly PlacedEvent[] {
    return eventsOf(this.table.allRows);
  }

  /** The events of one task, or of all that are not archived. */
  eventsOf(taskId: string | undefined): readonly PlacedEvent[] {
    if (taskId === undefined) return eventsOf(this.table.rows);
    const row = this.table.get(taskId);
    return row === undefined ? [] : eventsOf([row]);
  }

  /** From where on the log is whole, 0 where nothing is left of it, and its last event. */
  get eventBounds(): { readonly oldest: number; readonly newest: number } {
    return this.table.eventBounds;
  }

  override async find(id: string): Promise<Task | null> {
    await Promise.resolve();
    return this.table.get(id)?.task ?? null;
  }

  override async list(request: TaskPageRequest): Promise<TaskPage> {
    await Promise.resolve();
    return pageOf(request, this.table.rows);
  }

  override async history(id: string): Promise<readonly HistoryEntry[] | null> {
    await Promise.resolve();
    return this.table.get(id)?.history ?? null;
  }

  override async countByStatus(): Promise<StatusCounts> {
    await Promise.resolve();
    return Object.fromEntries(
      TASK_STATUSES.map((status) => [status, this.table.count(status)]),
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

  /** Runs a command unless its key stands for one that was run before. */
  private once(
    kind: OutcomeKind,
    signal: Cancellation,
    key: IdempotencyKey | undefined,
    command: () => readonly Task[],
  ): Promise<readonly Task[]> {
    return this.run(signal, () =>
      this.outcomes.once(kind, key, this.clock.now(), (id) => this.table.get(id)?.task, command),
    );
  }
}
