import type { HistoryEntry, StatusCounts } from '@task/application';
import { TASK_STATUSES, type TransitionDetails } from '@task/domain';
import { commandOf, statusOf } from './codes';

/** A row of `task_history`. */
export interface HistoryRow {
  readonly event_id: number;
  readonly version: number;
  readonly command: number;
  readonly from_status: number | null;
  readonly to_status: number;
  readonly attempt: number;
  readonly worker_id: string | null;
  readonly at: number;
  readonly details: string | null;
}

export const HISTORY_COLUMNS =
  'h.event_id, h.version, h.command, h.from_status, h.to_status, h.attempt, h.worker_id, h.at, h.details';

export function historyEntryFrom(row: HistoryRow, taskId: string): HistoryEntry {
  return {
    eventId: row.event_id,
    taskId,
    version: row.version,
    command: commandOf(row.command),
    from: row.from_status === null ? null : statusOf(row.from_status),
    to: statusOf(row.to_status),
    attempt: row.attempt,
    workerId: row.worker_id,
    at: row.at,
    details: row.details === null ? null : (JSON.parse(row.details) as TransitionDetails),
  };
}

/** One figure for every status, 0 where the database has no row. */
export function statusCountsFrom(
  rows: readonly { readonly status: number; readonly tasks: number }[],
): StatusCounts {
  const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<
    (typeof TASK_STATUSES)[number],
    number
  >;
  for (const { status, tasks } of rows) counts[statusOf(status)] += tasks;
  return counts;
}
