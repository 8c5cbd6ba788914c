/** A task as both databases give it back: one flat row, times as epoch ms, names as codes. */
export interface TaskRow {
  readonly seq: number;
  /** UUID text, lower case with dashes. */
  readonly id: string;
  readonly status: number;
  readonly gate: number | null;
  readonly rank: number;
  readonly group_id: number;
  readonly version: number;
  readonly retry_count: number;
  readonly max_retries: number;
  readonly auto_retry: number;
  readonly pending: number | null;
  readonly on_failure: number | null;
  readonly is_awaited: number | null;
  readonly key_id: number | null;
  readonly timeout_seconds: number | null;
  readonly available_at: number | null;
  readonly last_retry_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly cancelled_at: number | null;
  readonly created_by: string | null;
  readonly updated_by: string | null;
  readonly task_type: string;
  readonly kb_id: string;
  readonly path: string | null;
  readonly work_directory: string | null;
  readonly prompt: string | null;
  readonly payload: string | null;
  readonly tags: string | null;
  readonly metadata: string | null;
  readonly concurrency_key: string | null;
  readonly result: string | null;
  readonly error_message: string | null;
  readonly cancel_reason: string | null;
  readonly attempt: number | null;
  readonly token: string | null;
  readonly worker_id: string | null;
  readonly length_ms: number;
  readonly claimed_at: number;
  readonly expires_at: number;
  readonly timeout_at: number | null;
  readonly progress: number;
  readonly progress_message: string | null;
  readonly ended_by: number | null;
  readonly slot_until: number | null;
}

/** What every read of whole tasks selects; `id` is left to the dialect, which stores it in its own way. */
export const TASK_COLUMNS = `t.seq, t.status, t.gate, t.rank, t.group_id, t.version, t.retry_count, t.max_retries,
  t.auto_retry, t.pending, t.on_failure, t.is_awaited, t.key_id, t.timeout_seconds, t.available_at, t.last_retry_at, t.created_at, t.updated_at, t.started_at,
  t.completed_at, t.cancelled_at, t.created_by, t.updated_by, g.task_type, g.kb_id, d.path, b.work_directory, b.prompt,
  b.payload, b.tags, b.metadata, b.concurrency_key, b.result, b.error_message, b.cancel_reason, l.attempt, l.token, l.worker_id,
  l.length_ms, l.claimed_at, l.expires_at, l.timeout_at, l.progress, l.progress_message, l.ended_by, l.slot_until`;

export const TASK_TABLES = `tasks t JOIN task_bodies b ON b.seq = t.seq JOIN task_groups g ON g.id = t.group_id
  LEFT JOIN directories d ON d.id = g.directory_id LEFT JOIN leases l ON l.seq = t.seq`;
