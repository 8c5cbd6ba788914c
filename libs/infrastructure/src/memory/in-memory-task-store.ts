import {
  StoreUnavailable,
  TaskStore,
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
  awaited,
  normalisePath,
  TASK_STATUSES,
  Task,
  TaskCancelled,
  TaskNotFound,
  verdictOn,
  type Decide,
  type DecideDependent,
  type Decision,
  type EpochMs,
  type TaskStatus,
  type Transition,
} from '@task/domain';
import { Commits } from '../persistence/commits';
import { commitOf } from '../persistence/commit-news';
import { claimableBy } from './claim-order';
import { InMemoryDependencies } from './in-memory-dependencies';
import { InMemoryOutcomes, type OutcomeKind } from './in-memory-outcomes';
import { loadsOf, movesAmong } from './key-moves';
import { overdueAt, withShiftedLease } from './lease-ends';
import type { StoredTask } from './stored-task';
import { pageOf } from './task-pages';

const ALWAYS_WANTED: Cancellation = { aborted: false };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps tasks in the memory of one process: the reference by which the databases' adapters are judged, so that it is
 * written to be read and not to be fast.
 */
export class InMemoryTaskStore extends TaskStore {
  /** In order of arrival. */
  private readonly stored = new Map<string, StoredTask>();
  private lastEventId = 0;
  private readonly outcomes = new InMemoryOutcomes();
  private readonly dependencies = new InMemoryDependencies();
  private readonly limits = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly commits: Commits = new Commits(),
  ) {
    super();
  }

  override insert(
    decide: DecideNew,
    signal: Cancellation,
    key?: IdempotencyKey,
    dependsOn: readonly string[] = [],
  ): Promise<readonly Task[]> {
    return this.once('insert', signal, key, () => {
      const known = new Set(dependsOn.map((id) => id.toLowerCase()));
      const find = (id: string): Task | undefined => (known.has(id) ? this.get(id)?.task : undefined);
      const decisions = decide(this.clock.now(), this.count('waiting'), find);
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
      return this.commit([this.decide(task, decide)]);
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

  override tellDependents(limit: number, decide: DecideDependent): Promise<number> {
    return this.run(ALWAYS_WANTED, () => {
      const ended = this.dependencies.ended.slice(0, limit).flatMap((id) => this.stored.get(id) ?? []);
      let left = limit;
      for (const { task } of ended) if (left > 0) left -= this.tell(task, left, decide);
      return ended.length;
    });
  }

  override async dependenciesOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    await Promise.resolve();
    const stored = ids.flatMap((id) => this.get(id) ?? []);
    const found = stored.map(({ task: { id } }) => [id, this.dependenciesBehind(id)] as const);
    return new Map(found.filter(([, dependencies]) => dependencies.length > 0));
  }

  override async dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]> {
    await Promise.resolve();
    return this.dependencies
      .on(id.toLowerCase())
      .flatMap(({ id: taskId, isSettled }) => {
        const row = this.stored.get(taskId);
        return row === undefined ? [] : [{ place: row.seq, taskId, status: row.task.status, isSettled }];
      })
      .filter(({ place }) => place > after)
      .sort((left, right) => left.place - right.place)
      .slice(0, limit);
  }

  /** Gives a concurrency key its limit. */
  limitKey(key: string, limit: number): Promise<void> {
    return this.run(ALWAYS_WANTED, () => {
      this.limits.set(key, limit);
      this.settleKeys();
    });
  }

  /** Every concurrency key in the order of their names. */
  concurrencyKeys(): readonly ConcurrencyKey[] {
    return [...loadsOf([...this.stored.values()], this.limits)]
      .map(([key, load]) => ({ key, ...load }))
      .sort((left, right) => (left.key < right.key ? -1 : 1));
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

  /** Every task, in order of arrival. */
  all(): readonly Task[] {
    return [...this.stored.values()].map(({ task }) => task);
  }

  /** Every event so far, oldest first, each with the directory of its task. */
  allEvents(): readonly { readonly event: HistoryEntry; readonly directory: string | null }[] {
    return [...this.stored.values()]
      .flatMap(({ history, directory }) => history.map((event) => ({ event, directory })))
      .sort((left, right) => left.event.eventId - right.event.eventId);
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
      this.outcomes.once(kind, key, this.clock.now(), (id) => this.stored.get(id)?.task, command),
    );
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
      const after = row.task.becomeDue(now);
      this.put(after);
    }
    this.settleKeys();
  }

  /** A worker that is refused because its task was cancelled knows it now: it keeps no slot any longer. */
  private decide(task: Task, decide: Decide): Decision {
    try {
      return decide(task, this.clock.now());
    } catch (error) {
      if (error instanceof TaskCancelled && task.slotFreed() !== task) {
        this.put(task.slotFreed());
        this.settleKeys();
      }
      throw error;
    }
  }

  private tell(dependency: Task, limit: number, decide: DecideDependent): number {
    const waiting = this.dependencies
      .on(dependency.id)
      .filter(({ isSettled }) => !isSettled)
      .flatMap(({ id }) => this.stored.get(id) ?? [])
      .filter(({ task }) => verdictOn(dependency.status, task.state.needs?.onFailure ?? 'wait') !== 'open');
    for (const { task } of waiting.slice(0, limit)) {
      this.dependencies.settle(task.id, dependency.id);
      this.commit([decide(task, dependency, this.clock.now())]);
    }
    if (waiting.length <= limit) this.dependencies.forget(dependency.id);
    return Math.min(waiting.length, limit);
  }

  private dependenciesBehind(id: string): readonly Dependency[] {
    return this.dependencies
      .of(id)
      .flatMap(({ on, isSettled }) => {
        const row = this.stored.get(on);
        return row === undefined ? [] : [{ row, isSettled }];
      })
      .sort((left, right) => left.row.seq - right.row.seq)
      .map(({ row: { task }, isSettled }) => ({
        taskId: task.id,
        status: task.status,
        result: task.state.result,
        isSettled,
      }));
  }

  /** @returns whether anything moved */
  private settleKeys(): boolean {
    const rows = [...this.stored.values()];
    const moved = [...loadsOf(rows, this.limits)].flatMap(([key, load]) =>
      movesAmong(
        rows.filter(({ task }) => task.state.concurrencyKey === key),
        load,
      ),
    );
    for (const task of moved) this.put(task);
    return moved.length > 0;
  }

  /** Keeps what a task has become without a transition. */
  private put(after: Task): void {
    const row = this.stored.get(after.id);
    if (row === undefined) return;
    this.stored.set(after.id, { ...row, task: after });
    this.commits.publish(commitOf([{ before: row.task, after }], null));
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
    for (const { before, after } of changes) this.dependencies.note(before, after);
    for (const decision of decisions) {
      for (const id of this.dependencies.connect(decision, (each) => this.stored.get(each)?.task)) {
        const dependency = this.stored.get(id)?.task;
        if (dependency !== undefined) this.put(awaited(dependency));
      }
    }
    const isLogged = decisions.some(({ effects }) => effects.length > 0);
    if (changes.length > 0) this.commits.publish(commitOf(changes, isLogged ? this.lastEventId : null));
    return this.settleKeys() ? stored.map((task) => this.stored.get(task.id)?.task ?? task) : stored;
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
