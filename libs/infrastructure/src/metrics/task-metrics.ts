import {
  Buckets,
  LONG_SECONDS,
  only,
  type CommitFeed,
  type MetricFamily,
  type Move,
} from '@task/application';
import { TASK_COMMANDS, type TaskCommand } from '@task/domain';

/** What made a task wait again. */
const RETRY_CAUSES = {
  retry: 'request',
  fail: 'failure',
  expire: 'lease_expired',
  time_out: 'timeout',
} as const;

/** Counts what commits of this process did to tasks. */
export class TaskMetrics {
  private readonly done = Object.fromEntries(TASK_COMMANDS.map((command) => [command, 0])) as Record<
    TaskCommand,
    number
  >;
  private readonly retried = { retry: 0, fail: 0, expire: 0, time_out: 0 };
  private failed = 0;
  private unproven = 0;
  private readonly claimWait = new Buckets(LONG_SECONDS);
  private readonly processing = new Buckets(LONG_SECONDS);

  constructor(commits: CommitFeed) {
    commits.subscribe(({ moves, unproven = 0 }) => {
      this.unproven += unproven;
      for (const move of moves) this.count(move);
    });
  }

  families(): readonly MetricFamily[] {
    return [
      counter('tasks_created', 'Tasks that were filed', () => this.done.create),
      counter('claims', 'Tasks that were handed to a worker', () => this.done.claim),
      counter('completions', 'Tasks that were completed', () => this.done.complete),
      counter('failures', 'Times that a task ended as failed', () => this.failed),
      counter('cancellations', 'Tasks that were given up', () => this.done.cancel),
      counter('releases', 'Tasks that their workers gave back', () => this.done.release),
      counter('leases_expired', 'Leases that ran out', () => this.done.expire),
      counter('timeouts', 'Attempts whose own time ran out', () => this.done.time_out),
      counter(
        'holder_writes_without_token',
        'Completions, failures, releases, heartbeats and progress reports by a caller who named no lease token',
        () => this.unproven,
      ),
      {
        kind: 'counter',
        name: 'task_orchestrator_retries_total',
        help: 'Tasks that went back to waiting, by cause',
        labels: ['cause'],
        read: () =>
          Object.entries(RETRY_CAUSES).map(([command, cause]) => ({
            labels: { cause },
            value: this.retried[command as keyof typeof RETRY_CAUSES],
          })),
      },
      {
        kind: 'histogram',
        name: 'task_orchestrator_claim_wait_seconds',
        help: 'How long a task could have been claimed before it was',
        read: () => [{ labels: {}, buckets: this.claimWait }],
      },
      {
        kind: 'histogram',
        name: 'task_orchestrator_processing_seconds',
        help: 'From the claim of a task to its completion',
        read: () => [{ labels: {}, buckets: this.processing }],
      },
    ];
  }

  private count({ transition: { command, to, at }, before, after }: Move): void {
    this.done[command] += 1;
    if (to === 'failed') this.failed += 1;
    if (to === 'waiting' && command in this.retried) this.retried[command as keyof typeof RETRY_CAUSES] += 1;
    if (command === 'claim' && before !== null) {
      const { updatedAt, availableAt } = before.state;
      this.claimWait.observe(secondsBetween(Math.max(updatedAt, availableAt ?? 0), at));
    }
    if (to === 'completed') this.processing.observe(secondsBetween(after.state.startedAt ?? at, at));
  }
}

function counter(name: string, help: string, read: () => number): MetricFamily {
  return { kind: 'counter', name: `task_orchestrator_${name}_total`, help, read: () => only(read()) };
}

/** Never negative, though the clock may have been set back. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
