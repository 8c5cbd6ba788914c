import type { HistoryEntry } from '@task/application';
import { iso } from '../../shared/views/format';
import { EVENT_TYPES, type HistoryRow, type TaskHistory } from './history.view';

/** What happened to a task. */
export function taskHistory(taskId: string, entries: readonly HistoryEntry[]): TaskHistory {
  return { task_id: taskId, history: entries.map(historyRow) };
}

function historyRow(entry: HistoryEntry): HistoryRow {
  return {
    event_id: entry.eventId,
    task_id: entry.taskId,
    version: entry.version,
    type: EVENT_TYPES[entry.command],
    from: entry.from,
    to: entry.to,
    worker_id: entry.workerId,
    attempt: entry.attempt,
    at: iso(entry.at),
    details: entry.details,
  };
}
