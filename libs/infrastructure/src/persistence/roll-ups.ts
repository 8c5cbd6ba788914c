import { takesSlot, type EpochMs, type Task, type TaskCommand, type Transition } from '@task/domain';
import { rankOf, statusCode } from './codes';
import type {
  BlockDelta,
  CountDelta,
  KeyDelta,
  MomentDelta,
  RollUps,
  TimeDelta,
  TypeDelta,
  WorkerDelta,
} from './roll-up-rows';
import { isReady, type Change, type LoggedTransition } from './stored-task';

/** Group 0 of `task_counts` holds the sums over all groups. */
export const ALL_GROUPS = 0;

/** The types of `time_bins` that are no type: all of them together. */
export const ALL_TYPES = '';
/** The spans of which `time_bins` has rows for all types. */
export const BINNED_SPANS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
/** The span of `time_bins` for one type. */
export const EVER = 0;

const SPANS = Object.values(BINNED_SPANS_MS);
/** Commands by which a holder itself ends its lease. */
const HOLDERS: ReadonlySet<TaskCommand> = new Set(['complete', 'fail', 'release']);
/** Each bin of the histogram is 2 % wider than the one before: its middle is within 1 % of all it holds. */
const BIN_GROWTH = Math.log(1.02);

/** The bin of `time_bins` that holds a duration. */
export function binOf(durationMs: number): number {
  return durationMs < 1 ? 0 : Math.floor(Math.log(durationMs) / BIN_GROWTH) + 1;
}

/** Workers that gave a sign of life beside any task, and when. */
export interface Seen {
  readonly workers: readonly { readonly workerId: string }[];
  readonly at: number;
}

const NOBODY: Seen = { workers: [], at: 0 };

/** What a bin stands for: the middle of the whole milliseconds that it holds, within 1 % of each. */
export function middleOf(bin: number): number {
  if (bin === 0) return 0;
  const first = Math.ceil(1.02 ** (bin - 1));
  return (first + Math.max(first, Math.ceil(1.02 ** bin) - 1)) / 2;
}

/** Folds what a group of commands did into one delta for each counter. */
export function rollUpsOf(
  changes: readonly Change[],
  transitions: readonly LoggedTransition[],
  seen: Seen = NOBODY,
): RollUps {
  const folded = new Fold();
  for (const { workerId } of seen.workers) folded.worker(workerId, seen.at);
  for (const change of changes) folded.change(change);
  const latest = new Map(changes.map(({ seq, after }) => [seq, after]));
  for (const { seq, transition } of transitions) folded.transition(transition, latest.get(seq));
  return folded.result();
}

class Fold {
  private readonly counts = new Map<number, CountDelta>();
  private readonly ready = new Map<number, { groupId: number; ready: number }>();
  private readonly blocks = new Map<number, BlockDelta>();
  private readonly types = new Map<string, TypeDelta>();
  private readonly minutes = new Map<number, MomentDelta>();
  private readonly hours = new Map<number, MomentDelta>();
  private readonly times = new Map<string, TimeDelta>();
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
    const ms = task === undefined || from !== 'working' || to !== 'completed' ? null : processingMs(task);
    for (const [rows, spanMs] of [
      [this.minutes, BINNED_SPANS_MS.minute],
      [this.hours, BINNED_SPANS_MS.hour],
    ] as const) {
      const start = startOf(at, spanMs);
      const row = entry(rows, start, () => newMoment(start));
      if (command === 'create') row.created += 1;
      else if (command === 'claim') row.claimed += 1;
      else if (to === 'waiting' && command !== 'release') row.retried += 1;
      else if (to === 'completed' || to === 'failed' || to === 'cancelled') row[to] += 1;
      row.processingMs += ms ?? 0;
    }
    if (ms !== null && task !== undefined) this.took(ms, at, task.state.taskType);
  }

  result(): RollUps {
    return {
      counts: [...this.counts.values()].filter(({ tasks, processingMs: ms }) => tasks !== 0 || ms !== 0),
      ready: [...this.ready.values()].filter(({ ready }) => ready !== 0),
      blocks: [...this.blocks.values()].filter(({ ready }) => ready !== 0),
      types: [...this.types.values()].filter(({ tasks, processingMs: ms }) => tasks !== 0 || ms !== 0),
      minutes: [...this.minutes.values()],
      hours: [...this.hours.values()],
      times: [...this.times.values()],
      keys: [...this.keys.values()].filter((row) => row.working !== 0 || row.ready !== 0 || row.held !== 0),
      // In one order on every instance: who waits for another's row holds none that the other waits for.
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

  /** The row of a worker that was seen then. */
  worker(name: string, seenAt: number): WorkerDelta {
    let row = this.workers.get(name);
    if (row === undefined) {
      row = { name, seenAt, claimed: 0, completed: 0, failed: 0, lost: 0, processingMs: 0 };
      this.workers.set(name, row);
    }
    row.seenAt = Math.max(row.seenAt, seenAt);
    return row;
  }

  private took(ms: number, at: EpochMs, taskType: string): void {
    const bin = binOf(ms);
    for (const spanMs of SPANS) this.inBin({ taskType: ALL_TYPES, spanMs, start: startOf(at, spanMs), bin });
    this.inBin({ taskType, spanMs: EVER, start: 0, bin });
  }

  private inBin(row: Omit<TimeDelta, 'tasks'>): void {
    const { taskType, spanMs, start, bin } = row;
    entry(this.times, `${taskType} ${spanMs} ${start} ${bin}`, () => ({ ...row, tasks: 0 })).tasks += 1;
  }

  private count(task: Task, groupId: number, sign: 1 | -1): void {
    const status = statusCode(task.status);
    const rank = rankOf(task.state.priority);
    const ms = task.status === 'completed' ? sign * processingMs(task) : 0;
    const { taskType } = task.state;
    const kbId = task.state.kbId ?? '';
    const type = entry(this.types, `${kbId}\n${taskType}\n${status}`, () => ({
      ...{ kbId, taskType, status },
      ...{ tasks: 0, processingMs: 0 },
    }));
    type.tasks += sign;
    type.processingMs += ms;
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
      row.processingMs += ms;
    }
  }
}

function entry<Key, T>(map: Map<Key, T>, key: Key, create: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function newMoment(at: EpochMs): MomentDelta {
  return { at, created: 0, claimed: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, processingMs: 0 };
}

function startOf(at: EpochMs, spanMs: number): EpochMs {
  return Math.floor(at / spanMs) * spanMs;
}

/** From claim to completion; never negative, though the clock may have been set back. */
function processingMs({ state }: Task): number {
  return Math.max(0, (state.completedAt ?? 0) - (state.startedAt ?? state.completedAt ?? 0));
}
