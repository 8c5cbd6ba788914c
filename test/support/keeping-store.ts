import {
  StoreUnavailable,
  type Cancellation,
  type ClaimFilter,
  type IdempotencyKey,
  type TaskPage,
  type TaskPageRequest,
} from '@task/application';
import { TaskNotFound, type Decide, type Task } from '@task/domain';
import { NOW } from './builders';
import { DecidingStore } from './deciding-store';

/** Keeps what is decided about the tasks it was given, in their order: for use cases that come back to them. */
export class KeepingStore extends DecidingStore {
  private readonly kept: Map<string, Task>;
  /** Writes that were asked for, refused ones too. */
  writes = 0;
  /** Calls that came from here on are not answered any more. */
  isAway = false;

  constructor(tasks: readonly Task[] = []) {
    super();
    this.kept = new Map(tasks.map((task) => [task.id, task]));
  }

  get all(): readonly Task[] {
    return [...this.kept.values()];
  }

  put(task: Task): void {
    this.kept.set(task.id, task);
  }

  override async update(
    id: string,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<Task> {
    await this.answered(signal);
    this.writes += 1;
    this.keys.push(key);
    const task = this.kept.get(id);
    if (task === undefined) throw new TaskNotFound(id);
    return this.decided(task, decide);
  }

  override async claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    await this.answered(signal);
    this.claims.push({ filter, limit });
    this.keys.push(key);
    const ready = this.all.filter(({ state }) => state.gate === 'ready').slice(0, limit);
    return ready.map((task) => this.decided(task, decide));
  }

  override async find(id: string): Promise<Task | null> {
    await this.answered();
    return this.kept.get(id) ?? null;
  }

  /** By status only, and in the order in which they were given; a position is a task's place in it. */
  override async list(request: TaskPageRequest): Promise<TaskPage> {
    await this.answered();
    this.pages.push(request);
    const { filter, limit, after } = request;
    const [last = -1] = after ?? [];
    const matching = [...this.all.entries()].filter(
      ([, { status }]) => filter.status === undefined || status === filter.status,
    );
    const rest = matching.filter(([place]) => place > last);
    const page = rest.slice(0, limit);
    const end = page.at(-1)?.[0];
    return {
      tasks: page.map(([, task]) => task),
      total: matching.length,
      totalCapped: false,
      next: end === undefined || page.length === rest.length ? null : [end],
    };
  }

  private decided(task: Task, decide: Decide): Task {
    const decision = decide(task, NOW);
    this.put(decision.task);
    return decision.task;
  }

  private async answered(signal: Cancellation = { aborted: false }): Promise<void> {
    await Promise.resolve();
    if (this.isAway) throw new StoreUnavailable('unreachable');
    if (signal.aborted) throw new StoreUnavailable('timed_out');
  }
}
