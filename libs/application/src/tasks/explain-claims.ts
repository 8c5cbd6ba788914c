import { normalisePath, prefixBelow, type EpochMs, type Task } from '@task/domain';
import type { Clock } from '../ports/clock';
import type { StatusCounts, TaskStore } from '../ports/task-store';
import { claimFilterOf, type ClaimWishes } from './claim-filter';
import { claimTakes } from './claim-matches';
import type { TaskFilter } from './task-query';

/** Where tasks wait that a claim's filter does not take. */
export interface Elsewhere {
  readonly workDirectory: string | null;
  readonly taskType: string;
  readonly kbId: string | null;
}

/**
 * What a claim would find.
 * - claimable: a task.
 * - empty: nothing, no task waits.
 * - not_due: nothing yet, all that suit it are scheduled; `dueAt` is the first.
 * - blocked: nothing yet, all that suit it wait for other tasks, or for a slot of a concurrency key.
 * - unknown: more tasks wait than are looked at, or one may have a slot of its concurrency key; `mayClaim` says whether
 *   a claim may find a task all the same.
 * - none_match: nothing, tasks wait for others; `elsewhere` has some of them.
 */
export type ClaimOutlook =
  | { readonly kind: 'claimable' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly mayClaim: boolean }
  | { readonly kind: 'not_due'; readonly dueAt: EpochMs | null }
  | {
      readonly kind: 'blocked';
      /** How many of those looked at wait for other tasks. */
      readonly dependents: number;
      /** Concurrency keys without a free slot, at most 5. */
      readonly concurrencyKeys: readonly string[];
    }
  | { readonly kind: 'none_match'; readonly elsewhere: readonly Elsewhere[] };

/** How the queue stands, and what that means for a claim. */
export interface ClaimsExplained {
  readonly counts: StatusCounts;
  readonly outlook: ClaimOutlook;
}

/** Waiting tasks that are looked at: this explains, it does not search. */
const LOOKED_AT = 200;
const MOST_ELSEWHERE = 5;
const MOST_KEYS = 5;

/**
 * Explains what a claim would find: from the counters of ready tasks whether there is one, and why there is none from
 * the most urgent of those that wait. Changes nothing. Never says that a claim finds nothing when it would.
 */
export class ExplainClaims {
  constructor(
    private readonly tasks: TaskStore,
    private readonly clock: Clock,
  ) {}

  async execute(wishes: ClaimWishes): Promise<ClaimsExplained> {
    const counts = await this.tasks.countByStatus();
    return { counts, outlook: counts.waiting === 0 ? { kind: 'empty' } : await this.look(wishes) };
  }

  private async look(wishes: ClaimWishes): Promise<ClaimOutlook> {
    const filter = claimFilterOf(wishes);
    if (await this.tasks.anyReady(filter)) return { kind: 'claimable' };
    const types = wishes.taskTypes ?? [undefined];
    const pages = await Promise.all(types.map((taskType) => this.waiting(wishes, taskType)));
    const isAll = pages.every(({ length }) => length < LOOKED_AT);
    const suiting = pages.flat().filter((task) => claimTakes(filter, { ...placeOf(task), count: 1 }));
    const due = await this.due(suiting, isAll);
    if (due !== null) return due;
    const later = suiting.filter(({ state }) => state.gate === 'scheduled');
    if (later.length > 0) return { kind: 'not_due', dueAt: earliest(later) };
    if (suiting.length > 0) return blocked(suiting);
    if (!isAll) return { kind: 'unknown', mayClaim: false };
    return { kind: 'none_match', elsewhere: placesOf(await this.waiting({}, undefined)) };
  }

  /** What those are to a claim whose time has come, and which it would make ready itself; null when there are none. */
  private async due(suiting: readonly Task[], isAll: boolean): Promise<ClaimOutlook | null> {
    const now = this.clock.now();
    const due = suiting.filter(
      ({ state: { gate, availableAt } }) => gate === 'scheduled' && (availableAt ?? 0) <= now,
    );
    if (due.some(({ state }) => state.concurrencyKey === null)) return { kind: 'claimable' };
    const maybe: ClaimOutlook = { kind: 'unknown', mayClaim: true };
    if (due.length > 0) return maybe;
    const nextDue = isAll ? null : await this.tasks.nextDueAt();
    return nextDue !== null && nextDue <= now ? maybe : null;
  }

  private async waiting(wishes: ClaimWishes, taskType: string | undefined): Promise<readonly Task[]> {
    const { workPath, kbId } = wishes;
    const filter: TaskFilter = {
      status: 'waiting',
      ...(workPath !== undefined && { directoryContains: prefixBelow(normalisePath(workPath)) }),
      ...(taskType !== undefined && { taskType }),
      ...(kbId !== undefined && { kbId }),
    };
    const sort = { by: 'priority', order: 'desc' } as const;
    return (await this.tasks.list({ filter, sort, limit: LOOKED_AT, offset: 0, after: null })).tasks;
  }
}

function placeOf({ state }: Task): { directory: string | null; taskType: string; kbId: string | null } {
  const { workDirectory, taskType, kbId } = state;
  return { directory: workDirectory === null ? null : normalisePath(workDirectory), taskType, kbId };
}

function blocked(tasks: readonly Task[]): ClaimOutlook {
  const keys = tasks.flatMap(({ state }) =>
    state.gate === 'held' && state.concurrencyKey !== null ? [state.concurrencyKey] : [],
  );
  return {
    kind: 'blocked',
    dependents: tasks.filter(({ state }) => state.gate === 'blocked').length,
    concurrencyKeys: [...new Set(keys)].slice(0, MOST_KEYS),
  };
}

function earliest(tasks: readonly Task[]): EpochMs | null {
  const due = tasks.flatMap(({ state }) => (state.availableAt === null ? [] : [state.availableAt]));
  return due.length === 0 ? null : Math.min(...due);
}

function placesOf(tasks: readonly Task[]): Elsewhere[] {
  const places = tasks.map(({ state: { workDirectory, taskType, kbId } }) => ({
    workDirectory,
    taskType,
    kbId,
  }));
  const unlike = new Map(places.map((place) => [JSON.stringify(place), place]));
  return [...unlike.values()].slice(0, MOST_ELSEWHERE);
}
