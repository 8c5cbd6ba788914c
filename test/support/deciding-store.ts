import {
  TaskStore,
  type Cancellation,
  type ClaimFilter,
  type DecideNew,
  type Dependency,
  type Dependent,
  type HistoryEntry,
  type IdempotencyKey,
  type Position,
  type StatusCounts,
  type TaskPage,
  type TaskPageRequest,
} from '@task/application';
import { TaskNotFound, type Decide, type Decision, type EpochMs, type Task } from '@task/domain';
import { NOW } from './builders';

/** What a {@link DecidingStore} is to say. */
export interface DecidingStoreSettings {
  readonly tasks?: readonly Task[];
  readonly waiting?: number;
  readonly next?: Position;
  /** Whether it calls every decision a second time, as after a conflict. */
  readonly decidesTwice?: boolean;
  /** Whether it answers an insert with nothing. */
  readonly isSilent?: boolean;
}

/** Lets decide about the tasks it was given, at {@link NOW}, and keeps nothing: for one use case at a time. */
export class DecidingStore extends TaskStore {
  readonly claims: { readonly filter: ClaimFilter; readonly limit: number }[] = [];
  readonly pages: TaskPageRequest[] = [];
  /** The keys of all writes, in their order; undefined for a write without one. */
  readonly keys: (IdempotencyKey | undefined)[] = [];

  /** How many tasks each insert said that it is. */
  readonly counts: number[] = [];

  constructor(private readonly settings: DecidingStoreSettings = {}) {
    super();
  }

  override async insert(
    decide: DecideNew,
    _signal: Cancellation,
    key?: IdempotencyKey,
    _dependsOn?: readonly string[],
    count = 1,
  ): Promise<readonly Task[]> {
    await Promise.resolve();
    this.keys.push(key);
    this.counts.push(count);
    const { waiting = 0, decidesTwice = false, isSilent = false } = this.settings;
    const known = (id: string): Task | undefined => this.tasks.find((task) => task.id === id);
    const once = (): readonly Decision[] => decide(NOW, waiting, known);
    const decisions = [once(), ...(decidesTwice ? [once()] : [])];
    return isSilent ? [] : tasksOf(decisions.at(-1) ?? []);
  }

  override async update(
    id: string,
    decide: Decide,
    _signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<Task> {
    this.keys.push(key);
    const task = await this.find(id);
    if (task === null) throw new TaskNotFound(id);
    return decide(task, NOW).task;
  }

  override async claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    _signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    await Promise.resolve();
    this.claims.push({ filter, limit });
    this.keys.push(key);
    return tasksOf(this.tasks.slice(0, limit).map((task) => decide(task, NOW)));
  }

  override lapse(): Promise<number> {
    return Promise.resolve(0);
  }

  override tellDependents(): Promise<number> {
    return Promise.resolve(0);
  }

  override dependenciesOf(): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    return Promise.resolve(new Map());
  }

  override dependentsOf(): Promise<readonly Dependent[]> {
    return Promise.resolve([]);
  }

  override shiftLeases(): Promise<void> {
    return Promise.resolve();
  }

  override forgetOutcomes(): Promise<number> {
    return Promise.resolve(0);
  }

  override async find(id: string): Promise<Task | null> {
    await Promise.resolve();
    return this.tasks.find((task) => task.id === id) ?? null;
  }

  override async list(request: TaskPageRequest): Promise<TaskPage> {
    await Promise.resolve();
    this.pages.push(request);
    return {
      tasks: this.tasks,
      total: this.tasks.length,
      totalCapped: false,
      next: this.settings.next ?? null,
    };
  }

  override async history(id: string): Promise<readonly HistoryEntry[] | null> {
    return (await this.find(id)) === null ? null : [];
  }

  override nextDueAt(): Promise<EpochMs | null> {
    return Promise.resolve(null);
  }

  override placeInLine(): Promise<number> {
    return Promise.resolve(0);
  }

  override countByStatus(): Promise<StatusCounts> {
    return Promise.resolve({ waiting: 0, working: 0, completed: 0, failed: 0, cancelled: 0 });
  }

  override ping(): Promise<void> {
    return Promise.resolve();
  }

  private get tasks(): readonly Task[] {
    return this.settings.tasks ?? [];
  }
}

function tasksOf(decisions: readonly Decision[]): readonly Task[] {
  return decisions.map(({ task }) => task);
}
