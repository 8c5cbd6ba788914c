import {
  WorkerDirectory,
  type Cancellation,
  type HistoryEntry,
  type WorkerCounts,
  type WorkerRecord,
} from '@task/application';
import type { EpochMs, Task } from '@task/domain';
import type { InMemoryTaskStore } from './in-memory-task-store';

/** The workers of a store in memory, read off its tasks and their histories at every call. */
export class InMemoryWorkerDirectory extends WorkerDirectory {
  constructor(private readonly store: InMemoryTaskStore) {
    super();
  }

  override async list(
    limit: number,
    offset: number,
  ): Promise<{ workers: readonly WorkerRecord[]; total: number }> {
    await Promise.resolve();
    const workers = this.all().sort(
      (left, right) => right.lastSeen - left.lastSeen || (left.workerId < right.workerId ? -1 : 1),
    );
    return { workers: workers.slice(offset, offset + limit), total: workers.length };
  }

  override async find(workerId: string): Promise<WorkerRecord | null> {
    await Promise.resolve();
    return this.all().find((worker) => worker.workerId === workerId) ?? null;
  }

  override async count(aliveSince: EpochMs): Promise<WorkerCounts> {
    await Promise.resolve();
    const all = this.all();
    const alive = all.filter(({ lastSeen }) => lastSeen >= aliveSince);
    const busy = alive.filter(({ holds }) => holds.length > 0);
    return { known: all.length, alive: alive.length, busy: busy.length };
  }

  override async heldBy(workerId: string): Promise<readonly string[]> {
    await Promise.resolve();
    return leasesOf(workerId, this.store.all()).map(({ taskId }) => taskId);
  }

  override async slotsOf(workerId: string): Promise<readonly string[]> {
    await Promise.resolve();
    const isIts = ({ state: { lease } }: Task): boolean =>
      lease?.workerId === workerId && lease.slotUntil !== null;
    return this.store
      .all()
      .filter(isIts)
      .map(({ id }) => id);
  }

  override see(workerId: string, signal: Cancellation): Promise<void> {
    return this.store.see(workerId, signal);
  }

  private all(): WorkerRecord[] {
    const events = this.store.allEvents().map(({ event }) => event);
    const names = new Set([...events.flatMap(({ workerId }) => workerId ?? []), ...this.store.seen.keys()]);
    return [...names].map((name) => this.record(name, events));
  }

  private record(name: string, events: readonly HistoryEntry[]): WorkerRecord {
    const signs = this.store.seen.get(name) ?? [];
    const record = recordOf(name, events, this.store.all(), signs);
    return { ...record, firstSeen: Math.min(...signs, ...(record.claimed > 0 ? [record.firstSeen] : [])) };
  }
}

function recordOf(
  workerId: string,
  all: readonly HistoryEntry[],
  tasks: readonly Task[],
  signs: readonly EpochMs[],
): WorkerRecord {
  const events = all.filter((event) => event.workerId === workerId);
  const own = events.filter(({ command }) => ['claim', 'complete', 'fail', 'release'].includes(command));
  const count = (...commands: readonly HistoryEntry['command'][]): number =>
    events.filter(({ command }) => commands.includes(command)).length;
  const renewals = tasks.flatMap(({ state: { lease } }) =>
    lease?.workerId === workerId ? [lease.expiresAt - lease.lengthMs] : [],
  );
  return {
    workerId,
    firstSeen: own[0]?.at ?? 0,
    lastSeen: Math.max(...own.map(({ at }) => at), ...renewals, ...signs),
    claimed: count('claim'),
    completed: count('complete'),
    failed: count('fail'),
    lost: count('expire', 'time_out'),
    processingMs: own
      .filter(({ command }) => command === 'complete')
      .reduce((sum, end) => sum + tookMs(end, own), 0),
    holds: leasesOf(workerId, tasks).slice(0, 100),
  };
}

function tookMs(end: HistoryEntry, events: readonly HistoryEntry[]): number {
  const claim = events.find(
    ({ command, taskId, attempt }) => command === 'claim' && taskId === end.taskId && attempt === end.attempt,
  );
  const startedAt: EpochMs = claim?.at ?? end.at;
  return Math.max(0, end.at - startedAt);
}

function leasesOf(workerId: string, tasks: readonly Task[]): WorkerRecord['holds'] {
  return tasks
    .flatMap(({ id, state: { lease } }) =>
      lease !== null && lease.endedBy === null && lease.workerId === workerId
        ? [
            {
              taskId: id,
              attempt: lease.attempt,
              since: lease.claimedAt,
              leaseExpiresAt: lease.expiresAt,
              progress: lease.progress,
            },
          ]
        : [],
    )
    .sort((left, right) => left.since - right.since);
}
