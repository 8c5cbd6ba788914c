import type { ErrorCode } from '../domain-error';
import type { EpochMs } from '../task/epoch-ms';
import type { TaskDraft } from '../task/task-state';
import type { MissedPolicy } from './schedule-rules';

/** What each task of a schedule is made from: what a creator would ask for, except a time of its own. */
export type TaskTemplate = Partial<Omit<TaskDraft, 'availableAt'>>;

/** When a schedule comes: by a cron expression in its time zone, or every so many seconds since its anchor. */
export interface Rhythm {
  /** Null for a schedule with an interval. */
  readonly cron: string | null;
  /** Null for a schedule with an expression. */
  readonly intervalSeconds: number | null;
  /** IANA name. */
  readonly timeZone: string;
  /** What an interval is counted from, so that it never drifts. */
  readonly anchorAt: EpochMs;
}

/** Why an occurrence made no task. */
export interface RunFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly at: EpochMs;
}

/** Makes a task again and again. Immutable; times are epoch ms. */
export interface Schedule extends Rhythm {
  /** UUID v4. */
  readonly id: string;
  /** Its own among all schedules. */
  readonly name: string;
  readonly task: TaskTemplate;
  readonly missed: MissedPolicy;
  /** Whether it comes by itself; somebody can let it run in either case. */
  readonly isEnabled: boolean;
  /** The next occurrence; null while it is not enabled, and when none is left. */
  readonly nextAt: EpochMs | null;
  /** When it made its last task. */
  readonly lastAt: EpochMs | null;
  readonly lastTaskId: string | null;
  /** Why the latest occurrence made no task; null once one has made one again. */
  readonly lastError: RunFailure | null;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
  readonly updatedAt: EpochMs;
  readonly updatedBy: string;
  /** One more after each write, from 1. */
  readonly version: number;
}
