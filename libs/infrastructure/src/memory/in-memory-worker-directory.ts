import { WorkerDirectory, type HistoryEntry, type WorkerRecord } from '@task/application';
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

  private all(): WorkerRecord[] {
    const events = this.store.allEvents().map(({ event }) => event);
    const names = new Set(events.flatMap(({ workerId }) => workerId ?? []));
    return [...names].map((name) => recordOf(name, events, this.store.all()));
  }
}

function recordOf(workerId: string, all: readonly HistoryEntry[], tasks: readonly Task[]): WorkerRecord {
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
    lastSeen: Math.max(...own.map(({ at }) => at), ...renewals),
    claimed: count('claim'),
    completed: count('complete'),
    failed: count('fail'),
    lost: count('expire', 'time_out'),
    processingMs: own
      .filter(({ command }) => command === 'complete')
      .reduce((sum, end) => sum + tookMs(end, own), 0),
    holds: heldBy(workerId, tasks),
  };
}

function tookMs(end: HistoryEntry, events: readonly HistoryEntry[]): number {
  const claim = events.find(
    ({ command, taskId, attempt }) => command === 'claim' && taskId === end.taskId && attempt === end.attempt,
  );
  const startedAt: EpochMs = claim?.at ?? end.at;
  return Math.max(0, end.at - startedAt);
}

function heldBy(workerId: string, tasks: readonly Task[]): WorkerRecord['holds'] {
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
    .sort((left, right) => left.since - right.since)
    .slice(0, 100);
}
