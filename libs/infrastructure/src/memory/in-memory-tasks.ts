import type { Clock, ConcurrencyKey, Dependency, Dependent, HistoryEntry } from '@task/application';
import {
  awaited,
  normalisePath,
  Task,
  TaskCancelled,
  verdictOn,
  type Decide,
  type DecideDependent,
  type Decision,
  type EpochMs,
  type TaskStatus,
  type Transition,
} from '@task/domain';
import type { Commits } from '../persistence/commits';
import { commitOf } from '../persistence/commit-news';
import { ArchivedTasks } from './archived-tasks';
import { InMemoryDependencies } from './in-memory-dependencies';
import { loadsOf, movesAmong } from './key-moves';
import type { StoredTask } from './stored-task';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The tasks of {@link InMemoryTaskStore}, and what follows from each change of them. */
export class InMemoryTasks {
  /** In order of arrival. */
  private readonly stored = new Map<string, StoredTask>();
  private readonly archived = new ArchivedTasks();
  private lastEventId = 0;
  private readonly dependencies = new InMemoryDependencies();
  private readonly limits = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly commits: Commits,
  ) {}

  /** All that are not archived, in order of arrival. */
  get rows(): readonly StoredTask[] {
    return [...this.stored.values()];
  }

  /** Archived ones too, in order of arrival. */
  get allRows(): readonly StoredTask[] {
    return [...this.rows, ...this.archived.rows].sort((left, right) => left.seq - right.seq);
  }

  /** From where on the log of events is whole, 0 where nothing is left of it, and its end. */
  get eventBounds(): { readonly oldest: number; readonly newest: number } {
    return this.archived.boundsOf(this.lastEventId);
  }

  /** Archives what nobody else needs among the others. @returns how many */
  archive(isOver: (task: Task) => boolean): number {
    const over = this.rows.filter(({ task }) => isOver(task) && !this.isNeeded(task));
    for (const { task } of over) this.stored.delete(task.id);
    this.archived.add(over);
    return over.length;
  }

  /** A task by its id, in any case. */
  get(id: string): StoredTask | undefined {
    const lowerCase = id.toLowerCase();
    if (!UUID.test(lowerCase)) return undefined;
    return this.stored.get(lowerCase) ?? this.archived.get(lowerCase);
  }

  /** How many tasks have a status. */
  count(status: TaskStatus): number {
    return this.allRows.filter(({ task }) => task.status === status).length;
  }

  /** @throws Error when a new task would replace another */
  requireNew(decisions: readonly Decision[]): void {
    const ids = decisions.map(({ task }) => task.id);
    if (new Set(ids).size < ids.length || ids.some((id) => this.stored.has(id))) {
      throw new Error('a new task has the id of another one');
    }
  }

  /** Makes those claimable whose time has come. */
  promoteDue(now: EpochMs): void {
    for (const row of this.stored.values()) {
      const { gate, availableAt } = row.task.state;
      if (gate !== 'scheduled' || availableAt === null || availableAt > now) continue;
      const after = row.task.becomeDue(now);
      this.put(after);
    }
    this.settleKeys();
  }

  /** A worker that is refused because its task was cancelled knows it now: it keeps no slot any longer. */
  decide(task: Task, decide: Decide): Decision {
    try {
      const decision = decide(task, this.clock.now());
      this.archived.requireUnchanged(task, decision);
      return decision;
    } catch (error) {
      if (error instanceof TaskCancelled && task.slotFreed() !== task) {
        this.put(task.slotFreed());
        this.settleKeys();
      }
      throw error;
    }
  }

  /** Tells up to `limit` dependents of tasks that ended. @returns how many of those there are */
  tellDependents(limit: number, decide: DecideDependent): number {
    const ended = this.dependencies.ended.slice(0, limit).flatMap((id) => this.stored.get(id) ?? []);
    let [left, moved] = [limit, 0];
    for (const { task } of ended) {
      const told = left > 0 ? this.tell(task, left, decide) : 0;
      left -= told;
      if (told > 0) moved += 1;
    }
    return ended.length < limit ? moved : ended.length;
  }

  /** The tasks that depend on one. */
  dependentsOf(id: string): readonly Dependent[] {
    return this.dependencies.on(id).flatMap(({ id: taskId, isSettled }) => {
      const row = this.get(taskId);
      return row === undefined ? [] : [{ place: row.seq, taskId, status: row.task.status, isSettled }];
    });
  }

  /** Gives a concurrency key its limit. */
  limitKey(key: string, limit: number): void {
    this.limits.set(key, limit);
    this.settleKeys();
  }

  /** Every concurrency key in the order of their names. */
  concurrencyKeys(): readonly ConcurrencyKey[] {
    return [...loadsOf(this.rows, this.limits)]
      .map(([key, load]) => ({ key, ...load }))
      .sort((left, right) => (left.key < right.key ? -1 : 1));
  }

  /** Keeps what a task has become, and tells nobody. */
  replace(row: StoredTask, task: Task): void {
    this.stored.set(task.id, { ...row, task });
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

  /** What a task depends on, in order of arrival. */
  dependenciesOf(id: string, resultBytes: number): readonly Dependency[] {
    let total = 0;
    return this.dependencies
      .of(id)
      .flatMap(({ on, isSettled }) => {
        const row = this.get(on);
        return row === undefined ? [] : [{ row, isSettled }];
      })
      .sort((left, right) => left.row.seq - right.row.seq)
      .map(({ row: { task }, isSettled }) => {
        const { result, status } = task.state;
        const bytes = result === null ? 0 : Buffer.byteLength(result.text);
        if (bytes <= resultBytes) total += bytes;
        const fits = bytes <= resultBytes && total <= resultBytes;
        return { taskId: task.id, status, result: fits ? result : null, resultBytes: bytes, isSettled };
      });
  }

  /** @returns whether anything moved */
  private settleKeys(): boolean {
    const rows = this.rows;
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
    this.commits.publish(commitOf([{ before: row.task, after }], null, []));
  }

  /** Whether others wait for a task still, or have to be told how it ended, or its slot is taken. */
  private isNeeded({ id, state }: Task): boolean {
    const isAwaited = this.dependencies
      .on(id)
      .some(({ id: dependent, isSettled }) => !isSettled && this.stored.has(dependent));
    return isAwaited || this.dependencies.ended.includes(id) || (state.lease?.slotUntil ?? null) !== null;
  }

  /** Runs when everything is decided, and cannot fail: nothing has to be undone. */
  commit(decisions: readonly Decision[]): readonly Task[] {
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
      for (const id of this.dependencies.connect(decision, (each) => this.get(each)?.task)) {
        const dependency = this.stored.get(id)?.task;
        if (dependency !== undefined) this.put(awaited(dependency));
      }
    }
    const moves = decisions.flatMap(({ task, effects }, index) =>
      effects.map((transition) => ({ transition, before: changes[index]?.before ?? null, after: task })),
    );
    const lastEventId = moves.length > 0 ? this.lastEventId : null;
    if (changes.length > 0) this.commits.publish(commitOf(changes, lastEventId, moves));
    return this.settleKeys() ? stored.map((task) => this.stored.get(task.id)?.task ?? task) : stored;
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
