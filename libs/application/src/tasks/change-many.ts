import { DomainError, type Task, type TaskStatus } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call, Cancellation } from '../call';
import type { AuditAction, AuditLog } from '../ports/audit-log';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { TaskStore } from '../ports/task-store';
import type { CancelTask } from './cancel-task';
import type { RetryTask } from './retry-task';
import type { TaskFilter } from './task-query';

/** Which tasks to change, and whether only to count them. */
export interface ChangeManyInput {
  readonly filter: TaskFilter;
  /** Counts what would be changed, and changes nothing. */
  readonly dryRun: boolean;
}

/** Which tasks to cancel. */
export interface BulkCancelInput extends ChangeManyInput {
  readonly reason?: string | undefined;
  /** Takes working and failed tasks too; default false. */
  readonly force?: boolean | undefined;
}

/** What became of it. */
export interface ChangedMany {
  /** Tasks that matched when it began; counted up to 10 000 where no counter holds it. */
  readonly matched: number;
  readonly matchedCapped: boolean;
  /** Tasks changed by this call. */
  readonly changed: number;
  /** Tasks that could not be changed (any more). */
  readonly skipped: number;
  /** Whether some are left: the same call again goes on with them. */
  readonly hasMore: boolean;
}

const IN_ORDER = { sort: { by: 'created_at', order: 'asc' }, offset: 0, after: null } as const;
const STEP = 200;
const MOST_IN_A_CALL = 5_000;

/**
 * Changes all tasks that match a filter, in bounded steps between which everybody else gets a turn. What was changed
 * no longer matches, so that the same call again goes on where this one ended, also after a crash.
 */
class ChangeMany {
  constructor(
    private readonly tasks: TaskStore,
    private readonly audit: AuditLog,
  ) {}

  /** Goes through the statuses in which the change is possible, narrowed by the filter's own. */
  protected async run(
    { filter, dryRun }: ChangeManyInput,
    statuses: readonly TaskStatus[],
    change: (task: Task) => Promise<unknown>,
    signal: Cancellation,
  ): Promise<ChangedMany> {
    const wanted = statuses.filter((status) => filter.status === undefined || filter.status === status);
    const sum = { matched: 0, matchedCapped: false, changed: 0, skipped: 0, hasMore: false };
    try {
      for (const status of wanted) await this.each({ ...filter, status }, dryRun, change, signal, sum);
    } catch (error) {
      // What was done is told, and written down: what is left is there for the next call.
      if (!(error instanceof StoreUnavailable) || sum.changed === 0) throw error;
      sum.hasMore = true;
    }
    return sum;
  }

  /** Writes the whole down as one thing that somebody did, unless it only counts. */
  protected writtenDown(
    action: AuditAction,
    { dryRun, ...input }: BulkCancelInput,
    call: Call,
    work: () => Promise<ChangedMany>,
  ): Promise<ChangedMany> {
    if (dryRun) return work();
    const { filter, force = false } = input;
    const outcome = ({ matched, changed, skipped }: ChangedMany): object => ({
      details: { matched, changed, skipped },
    });
    return audited(this.audit, call, { action, target: null, details: { filter, force }, outcome }, work);
  }

  private async each(
    filter: TaskFilter,
    dryRun: boolean,
    change: (task: Task) => Promise<unknown>,
    signal: Cancellation,
    sum: Sum,
  ): Promise<void> {
    const first = { ...IN_ORDER, filter, limit: dryRun ? 0 : STEP };
    let page = await this.tasks.list(first);
    sum.matched += page.total;
    sum.matchedCapped ||= page.totalCapped;
    if (dryRun) return;
    for (;;) {
      // Those passed over do not count: they match the next time too, and would be all that it ever comes to.
      if (sum.changed >= MOST_IN_A_CALL || signal.aborted) {
        sum.hasMore ||= page.tasks.length > 0 || page.next !== null;
        return;
      }
      await changeEach(page.tasks, change, sum);
      if (page.next === null) return;
      page = await this.tasks.list({ ...first, after: page.next });
    }
  }
}

type Sum = { -readonly [Key in keyof ChangedMany]: ChangedMany[Key] };

/** Gives up every task that matches. */
export class BulkCancel extends ChangeMany {
  constructor(
    tasks: TaskStore,
    private readonly cancelTask: CancelTask,
    audit: AuditLog,
  ) {
    super(tasks, audit);
  }

  execute(input: BulkCancelInput, call: Call): Promise<ChangedMany> {
    const { reason, force = false } = input;
    const statuses = force ? (['waiting', 'working', 'failed'] as const) : (['waiting'] as const);
    const each = withoutKey(call);
    const cancel = (task: Task): Promise<Task> =>
      this.cancelTask.oneOfMany({ taskId: task.id, reason, force }, each);
    return this.writtenDown('task.bulk_cancel', input, call, () =>
      this.run(input, statuses, cancel, call.signal),
    );
  }
}

/** Puts every failed task that matches back into the queue. */
export class BulkRetry extends ChangeMany {
  constructor(
    tasks: TaskStore,
    private readonly retryTask: RetryTask,
    audit: AuditLog,
  ) {
    super(tasks, audit);
  }

  execute(input: ChangeManyInput, call: Call): Promise<ChangedMany> {
    const each = withoutKey(call);
    const retry = (task: Task): Promise<Task> => this.retryTask.execute({ taskId: task.id }, each);
    return this.writtenDown('task.bulk_retry', input, call, () =>
      this.run(input, ['failed'], retry, call.signal),
    );
  }
}

/** One key cannot stand for many outcomes; repeating the whole call is harmless by itself. */
function withoutKey({ actor, signal }: Call): Call {
  return { actor, signal };
}

/** @throws StoreUnavailable once all have come to their ends, and are counted */
async function changeEach(
  tasks: readonly Task[],
  change: (task: Task) => Promise<unknown>,
  sum: Sum,
): Promise<void> {
  const changes = tasks.map((task) => succeeds(change(task)));
  const ends = await Promise.allSettled(changes);
  const succeeded = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const changed = succeeded.filter(Boolean).length;
  sum.changed += changed;
  sum.skipped += succeeded.length - changed;
  await Promise.all(changes);
}

/** A task that moved on meanwhile is passed over; a store without an answer ends the whole. */
async function succeeds(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
