import { HISTORY_COLUMNS } from './history-row';

/** Events of tasks that are not archived, with what readers filter by. */
export const LIVE_EVENTS = `SELECT ${HISTORY_COLUMNS}, t.id, d.path FROM task_history h JOIN tasks t ON t.seq = h.seq
  JOIN task_groups g ON g.id = t.group_id LEFT JOIN directories d ON d.id = g.directory_id`;

/** Those of archived ones: only who asks for one task is told them. */
export const ARCHIVED_EVENTS = `SELECT ${HISTORY_COLUMNS}, t.id, t.path FROM archived_history h
  JOIN archived_tasks t ON t.seq = h.seq`;

/** From where on the log is whole, 0 where nothing is left of it, and its last event. */
export const BOUNDS = `SELECT CASE WHEN a.value < e.value THEN a.value + 1 ELSE 0 END AS oldest, e.value AS newest
  FROM counters e JOIN counters a ON a.name = 'archived_event' WHERE e.name = 'event'`;
