import {
  StoreUnavailable,
  TaskStore,
  type ArchiveStep,
  type Cancellation,
  type ClaimFilter,
  type Clock,
  type DecideNew,
  type HistoryEntry,
  type IdempotencyKey,
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
import { Commits } from '../persistence/commits';
import { commitOf } from '../persistence/commit-news';
import { ArchivedTasks, eventsOf, type PlacedEvent } from './archived-tasks';
import { claimableBy } from './claim-order';
import { InMemoryOutcomes, type OutcomeKind } from './in-memory-outcomes';
import { overdueAt, withShiftedLease } from './lease-ends';
import type { StoredTask } from './stored-task';
import { pageOf } from './task-pages';

/** What a step of archiving takes, and how far it looked. */
interface ArchivePlan extends Omit<ArchiveStep, 'archived'> {
  readonly isOver: (task: Task) => boolean;
}

const ALWAYS_WANTED: Cancellation = { aborted: false };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps tasks in the memory of one process: the reference by which the databases' adapters are judged, so that it is
 * written to be read and not to be fast.
 */
export class InMemoryTaskStore extends TaskStore {
  /** In order of arrival. */
  private readonly stored = new Map<string, StoredTask>();
  private readonly archived = new ArchivedTasks();
  private lastEventId = 0;
  private readonly outcomes = new InMemoryOutcomes();
  /** When workers gave a sign of life beside any task, by name. */
  readonly seen = new Map<string, EpochMs[]>();

  constructor(
    private readonly clock: Clock,
    private readonly commits: Commits = new Commits(),
  ) {
    super();
  }

  override insert(decide: DecideNew, signal: Cancellation, key?: IdempotencyKey): Promise<readonly Task[]> {
    return this.once('insert', signal, key, () => {
      const decisions = decide(this.clock.now(), this.count('waiting'));
      this.requireNew(decisions);
      return this.commit(decisions);
    });
  }

  override async update(
    id: string,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<Task> {
    const [changed] = await this.once('update', signal, key, () => {
      const task = this.get(id)?.task;
      if (task === undefined) throw new TaskNotFound(id);
      const decision = decide(task, this.clock.now());
      this.archived.requireUnchanged(task, decision);
      if (decision.task !== task) this.commit([decision]);
      return [decision.task];
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
      this.promoteDue(now);
      const candidates = claimableBy(filter, [...this.stored.values()]).slice(0, limit);
      return this.commit(candidates.map(({ task }) => decide(task, now)));
    });
  }

  override lapse(limit: number, decide: Decide): Promise<number> {
    return this.run(ALWAYS_WANTED, () => {
      const now = this.clock.now();
      const overdue = overdueAt(now, [...this.stored.values()]).slice(0, limit);
      const decisions = overdue.map(({ task }) => ({ task, decision: decide(task, now) }));
      const lapsed = decisions.flatMap(({ task, decision }) => (decision.task === task ? [] : [decision]));
      return this.commit(lapsed).length;
    });
  }

  override shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void> {
    return this.run(ALWAYS_WANTED, () => {
      for (const row of this.stored.values()) {
        this.stored.set(row.task.id, { ...row, task: withShiftedLease(row.task, { byMs, now, withinMs }) });
      }
    });
  }

  override forgetOutcomes(limit: number): Promise<void> {
    return this.run(ALWAYS_WANTED, () => {
      this.outcomes.forget(this.clock.now(), limit);
    });
  }

  override async nextDueAt(): Promise<EpochMs | null> {
    await Promise.resolve();
    const times = [...this.stored.values()].flatMap(({ task: { state } }) =>
      state.gate === 'scheduled' && state.availableAt !== null ? [state.availableAt] : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  override async placeInLine(id: string): Promise<number> {
    await Promise.resolve();
    const line = claimableBy({}, [...this.stored.values()]);
    return line.findIndex(({ task }) => task.id === id.toLowerCase()) + 1;
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
      const live = [...this.stored.values()];
      const { isOver, ...step } = plan(
        this.clock.now(),
        eventsOf(live).map(({ event }) => event),
      );
      const over = live.filter(({ task }) => isOver(task));
      for (const { task } of over) this.stored.delete(task.id);
      this.archived.add(over);
      return { ...step, archived: over.length };
    });
  }

  /** Every task, archived ones too, in order of arrival. */
  all(): readonly Task[] {
    return this.rows.map(({ task }) => task);
  }

  /** Every event so far, oldest first, each with the directory of its task. */
  allEvents(): readonly PlacedEvent[] {
    return eventsOf(this.rows);
  }

  /** The events of one task, or of all that are not archived. */
  eventsOf(taskId: string | undefined): readonly PlacedEvent[] {
    if (taskId === undefined) return eventsOf([...this.stored.values()]);
    const row = this.get(taskId);
    return row === undefined ? [] : eventsOf([row]);
  }

  /** From where on the log is whole, 0 where nothing is left of it, and its last event. */
  get eventBounds(): { readonly oldest: number; readonly newest: number } {
    return this.archived.boundsOf(this.lastEventId);
  }

  private get rows(): readonly StoredTask[] {
    return [...this.stored.values(), ...this.archived.rows].sort((left, right) => left.seq - right.seq);
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

  /** Runs a command unless its key stands for one that was run before. */
  private once(
    kind: OutcomeKind,
    signal: Cancellation,
    key: IdempotencyKey | undefined,
    command: () => readonly Task[],
  ): Promise<readonly Task[]> {
    return this.run(signal, () =>
      this.outcomes.once(kind, key, this.clock.now(), (id) => this.get(id)?.task, command),
    );
  }

  private get(id: string): StoredTask | undefined {
    const lowerCase = id.toLowerCase();
    if (!UUID.test(lowerCase)) return undefined;
    return this.stored.get(lowerCase) ?? this.archived.get(lowerCase);
  }

  private count(status: TaskStatus): number {
    return this.rows.filter(({ task }) => task.status === status).length;
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
      const after = row.task.becomeDue(now);
      this.stored.set(row.task.id, { ...row, task: after });
      this.commits.publish(commitOf([{ before: row.task, after }], null, []));
    }
  }

  /** Runs when everything is decided, and cannot fail: nothing has to be undone. */
  private commit(decisions: readonly Decision[]): readonly Task[] {
    const changes = decisions.map(({ task }) => ({
      before: this.stored.get(task.id)?.task ?? null,
      after: task,
    }));
    const stored = decisions.map(({ task, effects }) => {
      const { seq, history, directory } = this.stored.get(task.id) ?? this.arrival(task);
      const entries = effects.map((effect) => this.logged(task.id, effect));
      this.stored.set(task.id, { seq, directory, task: ownCopy(task), history: [...history, ...entries] });
      return task;
    });
    const moves = decisions.flatMap(({ task, effects }, index) =>
      effects.map((transition) => ({ transition, before: changes[index]?.before ?? null, after: task })),
    );
    const lastEventId = moves.length > 0 ? this.lastEventId : null;
    if (changes.length > 0) this.commits.publish(commitOf(changes, lastEventId, moves));
    return stored;
  }

  private arrival({ state }: Task): Omit<StoredTask, 'task'> {
    const directory = state.workDirectory === null ? null : normalisePath(state.workDirectory);
    return { seq: this.stored.size + this.archived.rows.length + 1, directory, history: [] };
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
