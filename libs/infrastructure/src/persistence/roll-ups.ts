import { takesSlot, type Task, type TaskCommand, type TaskStatus, type Transition } from '@task/domain';
import { rankOf, statusCode } from './codes';
import type { Change, LoggedTransition } from './stored-task';

/** Group 0 of `task_counts` holds the sums over all groups. */
export const ALL_GROUPS = 0;

/** One row of `task_counts` and how much it changes. */
export interface CountDelta {
  readonly groupId: number;
  readonly status: number;
  readonly rank: number;
  tasks: number;
  processingMs: number;
}

/** One row of `queue_blocks`: ready tasks of one rank among 1024 neighbours by arrival. */
export interface BlockDelta {
  readonly rank: number;
  readonly block: number;
  ready: number;
}

/** One row of `stat_minutes`: what happened within a minute. */
export interface MinuteDelta {
  readonly minute: number;
  created: number;
  claimed: number;
  completed: number;
  failed: number;
  cancelled: number;
  retried: number;
  processingMs: number;
}

/** One row of `processing_times`: how many attempts of a minute took about as long. */
export interface TimeDelta {
  readonly minute: number;
  readonly bin: number;
  tasks: number;
}

/** One row of `workers`: what a worker did, and when it was last heard of. */
export interface WorkerDelta {
  readonly name: string;
  seenAt: number;
  claimed: number;
  completed: number;
  failed: number;
  lost: number;
  processingMs: number;
}

/** One row of `concurrency_keys` and how much it changes. */
export interface KeyDelta {
  readonly keyId: number;
  working: number;
  ready: number;
  held: number;
}

/** Everything that one group of commands adds to the counters, folded: one row for each counter touched. */
export interface RollUps {
  readonly counts: readonly CountDelta[];
  readonly ready: readonly { readonly groupId: number; ready: number }[];
  readonly blocks: readonly BlockDelta[];
  readonly minutes: readonly MinuteDelta[];
  readonly times: readonly TimeDelta[];
  readonly workers: readonly WorkerDelta[];
  readonly keys: readonly KeyDelta[];
}

const MINUTE_MS = 60_000;
/** Commands by which a holder itself ends its lease. */
const HOLDERS: ReadonlySet<TaskCommand> = new Set(['complete', 'fail', 'release']);
/** Each bin of the histogram is 2 % wider than the one before: its middle is within 1 % of all it holds. */
const BIN_GROWTH = Math.log(1.02);

/** The bin of `processing_times` that holds a duration. */
export function binOf(durationMs: number): number {
  return durationMs < 1 ? 0 : Math.floor(Math.log(durationMs) / BIN_GROWTH) + 1;
}

/** Folds what a group of commands did into one delta for each counter. */
export function rollUpsOf(changes: readonly Change[], transitions: readonly LoggedTransition[]): RollUps {
  const folded = new Fold();
  for (const change of changes) folded.change(change);
  const latest = new Map(changes.map(({ seq, after }) => [seq, after]));
  for (const { seq, transition } of transitions) folded.transition(transition, latest.get(seq));
  return folded.result();
}

class Fold {
  private readonly counts = new Map<number, CountDelta>();
  private readonly ready = new Map<number, { groupId: number; ready: number }>();
  private readonly blocks = new Map<number, BlockDelta>();
  private readonly minutes = new Map<number, MinuteDelta>();
  private readonly times = new Map<number, TimeDelta>();
  private readonly workers = new Map<string, WorkerDelta>();
  private readonly keys = new Map<number, KeyDelta>();

  change({ seq, groupId, keyId, before, after }: Change): void {
    if (keyId !== null) this.share(keyId, before, after);
    if (before !== null) this.count(before, groupId, -1);
    this.count(after, groupId, 1);
    this.heard(before, after);
    const moved = Number(isReady(after)) - Number(before !== null && isReady(before));
    if (moved === 0) return;
    entry(this.ready, groupId, () => ({ groupId, ready: 0 })).ready += moved;
    const rank = rankOf(after.state.priority);
    const block = Math.floor(seq / 1024);
    entry(this.blocks, block * 16 + rank, () => ({ rank, block, ready: 0 })).ready += moved;
  }

  transition(transition: Transition, task: Task | undefined): void {
    const { at, from, to, command } = transition;
    this.worked(transition, task);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const row = entry(this.minutes, minute, () => newMinute(minute));
    if (command === 'create') row.created += 1;
    else if (command === 'claim') row.claimed += 1;
    else if (to === 'waiting' && command !== 'release') row.retried += 1;
    else if (to === 'completed' || to === 'failed' || to === 'cancelled') row[to] += 1;
    if (from !== 'working' || to !== 'completed' || task === undefined) return;
    const ms = processingMs(task);
    row.processingMs += ms;
    const bin = binOf(ms);
    entry(this.times, minute * 2048 + bin, () => ({ minute, bin, tasks: 0 })).tasks += 1;
  }

  result(): RollUps {
    return {
      counts: [...this.counts.values()].filter(({ tasks, processingMs: ms }) => tasks !== 0 || ms !== 0),
      ready: [...this.ready.values()].filter(({ ready }) => ready !== 0),
      blocks: [...this.blocks.values()].filter(({ ready }) => ready !== 0),
      minutes: [...this.minutes.values()],
      times: [...this.times.values()],
      // In one order on every instance: who waits for another's row holds none that the other waits for.
      keys: [...this.keys.values()].filter((row) => row.working !== 0 || row.ready !== 0 || row.held !== 0),
      workers: [...this.workers.values()].sort((left, right) => (left.name < right.name ? -1 : 1)),
    };
  }

  /** A lease was opened, renewed or ended by its holder. */
  private heard(before: Task | null, { state }: Task): void {
    const { lease } = state;
    if (typeof lease?.workerId !== 'string' || lease === before?.state.lease) return;
    const isHolders = lease.endedBy === null || HOLDERS.has(lease.endedBy);
    if (isHolders) this.worker(lease.workerId, lease.expiresAt - lease.lengthMs);
  }

  private share(keyId: number, before: Task | null, after: Task): void {
    const row = entry(this.keys, keyId, () => ({ keyId, working: 0, ready: 0, held: 0 }));
    for (const [task, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (task === null) continue;
      row.working += sign * Number(takesSlot(task));
      row.ready += sign * Number(isReady(task));
      row.held += sign * Number(task.state.gate === 'held');
    }
  }

  private worked({ command, workerId, to, at }: Transition, task: Task | undefined): void {
    if (workerId === null || command === 'cancel' || command === 'retry' || command === 'create') return;
    const row = this.worker(workerId, command === 'expire' || command === 'time_out' ? 0 : at);
    if (command === 'claim') row.claimed += 1;
    else if (command === 'fail') row.failed += 1;
    else if (command === 'expire' || command === 'time_out') row.lost += 1;
    if (command !== 'complete' || to !== 'completed') return;
    row.completed += 1;
    if (task !== undefined) row.processingMs += processingMs(task);
  }

  private worker(name: string, seenAt: number): WorkerDelta {
    let row = this.workers.get(name);
    if (row === undefined) {
      row = { name, seenAt, claimed: 0, completed: 0, failed: 0, lost: 0, processingMs: 0 };
      this.workers.set(name, row);
    }
    row.seenAt = Math.max(row.seenAt, seenAt);
    return row;
  }

  private count(task: Task, groupId: number, sign: 1 | -1): void {
    const status = statusCode(task.status);
    const rank = rankOf(task.state.priority);
    for (const group of [ALL_GROUPS, groupId]) {
      const key = (group * 8 + status) * 16 + rank;
      const row = entry(this.counts, key, () => ({
        groupId: group,
        status,
        rank,
        tasks: 0,
        processingMs: 0,
      }));
      row.tasks += sign;
      if (task.status === 'completed') row.processingMs += sign * processingMs(task);
    }
  }
}

function entry<T>(map: Map<number, T>, key: number, create: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function newMinute(minute: number): MinuteDelta {
  return {
    minute,
    created: 0,
    claimed: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    retried: 0,
    processingMs: 0,
  };
}

function isReady({ state }: Task): boolean {
  return state.status === ('waiting' satisfies TaskStatus) && state.gate === 'ready';
}

/** From claim to completion; never negative, though the clock may have been set back. */
function processingMs({ state }: Task): number {
  return Math.max(0, (state.completedAt ?? 0) - (state.startedAt ?? state.completedAt ?? 0));
}
