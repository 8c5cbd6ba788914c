import type {
  Cancellation,
  ClaimFilter,
  HistoryEntry,
  IdempotencyKey,
  TaskFilter,
  TaskSort,
  TaskStore,
} from '@task/application';
import {
  createDependent,
  dependencyEnded,
  Task,
  type Decide,
  type DependencyPolicy,
  type EpochMs,
  type Failure,
  type JsonDocument,
  type LeaseTerms,
  type Proof,
  type RetryPolicy,
  type TaskDraft,
} from '@task/domain';
import { ACTOR, draft, failure, RETRY, terms } from './builders';
import { CountedIds } from './counted-ids';

const LIVE: Cancellation = { aborted: false };
const ALL: TaskSort = { by: 'created_at', order: 'asc' };

/** A store with the domain's commands on it, in one line each. */
export class TestQueue {
  constructor(
    readonly store: TaskStore,
    readonly ids = new CountedIds(),
  ) {}

  async create(changes: Partial<TaskDraft> = {}): Promise<Task> {
    return only(await this.createAll([changes]));
  }

  /** Several tasks in one command. */
  createAll(all: readonly Partial<TaskDraft>[], key?: IdempotencyKey): Promise<readonly Task[]> {
    const ids = all.map(() => this.ids.taskId());
    return this.store.insert(
      (now) => all.map((changes, index) => Task.create(draft(changes), ids[index] ?? '', ACTOR, now)),
      LIVE,
      key,
    );
  }

  /** A task that depends on others. */
  async createOn(
    dependencies: readonly Task[],
    policy: DependencyPolicy = 'wait',
    changes: Partial<TaskDraft> = {},
  ): Promise<Task> {
    return only(await this.createAllOn(dependencies, 1, policy, changes));
  }

  /** Several tasks in one command that depend on the same others. */
  createAllOn(
    on: readonly Task[],
    count: number,
    onFailure: DependencyPolicy = 'wait',
    changes: Partial<TaskDraft> = {},
  ): Promise<readonly Task[]> {
    const ids = Array.from({ length: count }, () => this.ids.taskId());
    const needed = on.map(({ id }) => id);
    return this.store.insert(
      (now, _, find) => {
        const dependencies = needed.flatMap((id) => find(id) ?? []);
        return ids.map((id) => createDependent(draft(changes), { id, dependencies, onFailure }, ACTOR, now));
      },
      LIVE,
      undefined,
      needed,
    );
  }

  /** Tells dependents of tasks that ended, in one step. @returns how many ended tasks were looked at */
  tell(limit = 500): Promise<number> {
    return this.store.tellDependents(limit, dependencyEnded);
  }

  /** Tells all of them. */
  async tellAll(): Promise<void> {
    while ((await this.tell()) > 0);
  }

  async claim(filter: ClaimFilter = {}, changes: Partial<LeaseTerms> = {}): Promise<Task | null> {
    const [task = null] = await this.claimUpTo(1, filter, changes);
    return task;
  }

  claimUpTo(
    limit: number,
    filter: ClaimFilter = {},
    changes: Partial<LeaseTerms> = {},
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    return this.store.claim(
      filter,
      limit,
      (task, now) => task.claim(terms({ token: this.ids.leaseToken(), ...changes }), ACTOR, now),
      LIVE,
      key,
    );
  }

  /** The claim of a task that must be there. */
  async claimed(filter: ClaimFilter = {}, changes: Partial<LeaseTerms> = {}): Promise<Task> {
    const task = await this.claim(filter, changes);
    if (task === null) throw new Error('nothing to claim');
    return task;
  }

  /** Claims one after the other until nothing is left. */
  async drain(filter: ClaimFilter = {}): Promise<Task[]> {
    const tasks: Task[] = [];
    for (let task = await this.claim(filter); task !== null; task = await this.claim(filter))
      tasks.push(task);
    return tasks;
  }

  complete(task: Task, result: JsonDocument | null = null, proof: Proof = proofOf(task)): Promise<Task> {
    return this.update(task, (current, now) => current.complete(result, proof, ACTOR, now));
  }

  fail(task: Task, changes: Partial<Failure> = {}, proof: Proof = proofOf(task)): Promise<Task> {
    return this.update(task, (current, now) => current.fail(failure(changes), proof, RETRY, ACTOR, now));
  }

  release(task: Task, reason: string | null = null, proof: Proof = proofOf(task)): Promise<Task> {
    return this.update(task, (current, now) => current.release(reason, proof, ACTOR, now));
  }

  cancel(task: Task, reason: string | null = null, force = true): Promise<Task> {
    return this.update(task, (current, now) => current.cancel(reason, force, ACTOR, now));
  }

  retry(task: Task): Promise<Task> {
    return this.update(task, (current, now) => current.retry(ACTOR, now));
  }

  /** A sign of life, with or without news. */
  renew(task: Task, report: Parameters<Task['renew']>[0] = {}, proof: Proof = proofOf(task)): Promise<Task> {
    return this.update(task, (current, now) => current.renew(report, proof, now));
  }

  /** Takes tasks from workers whose time is over. @returns how many */
  lapse(limit = 1000, retry: RetryPolicy = RETRY): Promise<number> {
    return this.store.lapse(limit, (task, now) => task.lapse(retry, now));
  }

  update(task: Task, decide: Decide, key?: IdempotencyKey): Promise<Task> {
    return this.store.update(task.id, decide, LIVE, key);
  }

  /** The task as the store has it now. */
  async stored(task: Task): Promise<Task> {
    const found = await this.store.find(task.id);
    if (found === null) throw new Error(`task ${task.id} is gone`);
    return found;
  }

  async history(task: Task): Promise<readonly HistoryEntry[]> {
    const history = await this.store.history(task.id);
    if (history === null) throw new Error(`task ${task.id} has no history`);
    return history;
  }

  /** Everything that matches, in order of arrival unless another sort is given. */
  async all(filter: TaskFilter = {}, sort: TaskSort = ALL): Promise<readonly Task[]> {
    const { tasks } = await this.store.list({ filter, sort, limit: 1000, offset: 0, after: null });
    return tasks;
  }

  /** The whole event log, in order. */
  async events(): Promise<HistoryEntry[]> {
    const histories = await Promise.all((await this.all()).map((task) => this.history(task)));
    return histories.flat().sort((a, b) => a.eventId - b.eventId);
  }

  /** The store's time. */
  async now(): Promise<EpochMs> {
    let time: EpochMs = Number.NaN;
    await this.store.insert((now) => {
      time = now;
      return [];
    }, LIVE);
    return time;
  }
}

/** What the holder of this claim shows. */
export function proofOf({ state: { lease } }: Task): Proof {
  return { leaseToken: lease?.token };
}

/** The one element of a list. */
export function only<T>(list: readonly T[]): T {
  const [element] = list;
  if (element === undefined || list.length > 1) throw new Error(`${list.length} elements, not one`);
  return element;
}
