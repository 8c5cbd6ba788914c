import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { DIALECTS, type Dialect } from './dialect';
import { indexesOf } from './indexes';

type Columns = Record<string, EntitySchemaColumnOptions>;

/**
 * The tables as TypeORM knows them. Migrations make them; a test holds that both agree. `tasks.version` is the
 * optimistic lock: every update names the version that it was decided on. Foreign keys are the migrations' alone:
 * on SQLite TypeORM knows them by a name only, which those written beside their column have not.
 */
export function entitiesFor(dialect: Dialect): readonly EntitySchema[] {
  const isPostgres = dialect === 'postgres';
  const { uuid, bigint, smallint } = DIALECTS[dialect];
  const text = { type: 'text' } as const;
  const optionalText = { type: 'text', nullable: true } as const;
  const integer = { type: 'integer' } as const;
  const time = { type: bigint } as const;
  const optionalTime = { type: bigint, nullable: true } as const;
  const small = { type: smallint } as const;
  const key = { type: bigint, primary: true } as const;
  // SQLite numbers rows by itself; what TypeORM calls generated is AUTOINCREMENT there, a table more to write to.
  const id = { ...integer, primary: true, ...(isPostgres && { generated: 'increment' as const }) } as const;
  const happened = {
    created: integer,
    claimed: integer,
    completed: integer,
    failed: integer,
    cancelled: integer,
    retried: integer,
    processing_ms: time,
  } as const;
  const task = {
    seq: key,
    id: { type: uuid, unique: true },
    status: small,
    gate: { ...small, nullable: true },
    rank: small,
    group_id: integer,
    version: integer,
    retry_count: integer,
    max_retries: integer,
    auto_retry: small,
    pending: { ...integer, nullable: true },
    on_failure: { ...small, nullable: true },
    is_awaited: { ...small, nullable: true },
    key_id: { ...integer, nullable: true },
    timeout_seconds: { ...integer, nullable: true },
    available_at: optionalTime,
    last_retry_at: optionalTime,
    created_at: time,
    updated_at: time,
    started_at: optionalTime,
    completed_at: optionalTime,
    cancelled_at: optionalTime,
    created_by: optionalText,
    updated_by: optionalText,
  } as const;
  const body = {
    seq: key,
    work_directory: optionalText,
    prompt: optionalText,
    payload: optionalText,
    tags: optionalText,
    metadata: optionalText,
    concurrency_key: optionalText,
    result: optionalText,
    error_message: optionalText,
    cancel_reason: optionalText,
  } as const;
  const lease = {
    seq: key,
    attempt: integer,
    token: text,
    worker_id: optionalText,
    length_ms: integer,
    claimed_at: time,
    expires_at: time,
    timeout_at: optionalTime,
    progress: small,
    progress_message: optionalText,
    ended_by: { ...small, nullable: true },
    slot_until: optionalTime,
  } as const;
  const transition = {
    event_id: key,
    seq: time,
    version: integer,
    command: small,
    from_status: { ...small, nullable: true },
    to_status: small,
    attempt: integer,
    worker_id: optionalText,
    at: time,
    details: optionalText,
  } as const;
  const table = tableFor(dialect);
  return [
    table('counters', { name: { ...text, primary: true }, value: time }),
    table('directories', { id, path: { ...text, unique: true, ...(isPostgres && { collation: 'C' }) } }),
    table('task_groups', {
      id,
      directory_id: integer,
      task_type: text,
      kb_id: text,
      concurrency_key: text,
      ready: { ...integer, default: 0 },
    }),
    table('tasks', task),
    table('task_bodies', body),
    table('leases', lease),
    table('concurrency_keys', {
      id,
      name: { ...text, unique: true },
      max_working: integer,
      working: integer,
      ready: integer,
      held: integer,
    }),
    table('task_dependencies', {
      seq: key,
      on_seq: key,
      on_failure: small,
      settled: small,
    }),
    table('ended_dependencies', { seq: key }),
    table('tags', { id, name: { ...text, unique: true } }),
    table('task_tags', {
      tag_id: { ...integer, primary: true },
      created_at: { ...time, primary: true },
      seq: key,
      group_id: integer,
      rank: small,
    }),
    table('task_history', transition),
    table('archived_tasks', {
      ...task,
      archived_at: time,
      task_type: text,
      kb_id: text,
      path: optionalText,
      ...body,
      ...optional(lease),
      seq: key,
    }),
    table('archived_history', transition),
    table('task_counts', {
      group_id: { ...integer, primary: true },
      status: { ...small, primary: true },
      rank: { ...small, primary: true },
      tasks: time,
      processing_ms: time,
      archived: { ...time, default: 0 },
    }),
    table('queue_blocks', { rank: { ...small, primary: true }, block: key, ready: integer }),
    table('type_counts', {
      kb_id: { ...text, primary: true },
      task_type: { ...text, primary: true },
      status: { ...small, primary: true },
      tasks: time,
      processing_ms: time,
    }),
    table('stat_minutes', { minute: key, ...happened }),
    table('stat_hours', { hour: key, ...happened }),
    table('time_bins', {
      task_type: { ...text, primary: true },
      span_ms: { ...integer, primary: true },
      start: key,
      bin: { ...small, primary: true },
      tasks: integer,
    }),
    table('idempotency', {
      key: { ...text, primary: true },
      fingerprint: text,
      outcome: text,
      expires_at: time,
    }),
    table('workers', {
      name: { ...text, primary: true },
      first_seen: time,
      last_seen: time,
      claimed: time,
      completed: time,
      failed: time,
      lost: time,
      processing_ms: time,
    }),
    table('schedules', {
      id: { ...text, primary: true },
      name: { ...text, unique: true, ...(isPostgres && { collation: 'C' }) },
      cron: optionalText,
      interval_seconds: { ...integer, nullable: true },
      time_zone: text,
      anchor_at: time,
      task: text,
      missed: small,
      is_enabled: small,
      next_at: optionalTime,
      last_at: optionalTime,
      last_task_id: optionalText,
      last_error: optionalText,
      created_at: time,
      created_by: text,
      updated_at: time,
      updated_by: text,
      version: integer,
    }),
    ...(isPostgres ? [table('rate_buckets', rateBucket(time))] : []),
    table('settings', { name: { ...text, primary: true }, value: text, updated_at: time }),
    table('api_keys', {
      id,
      public_id: { ...text, unique: true },
      name: text,
      hash: { ...text, unique: true },
      roles: text,
      created_at: time,
      created_by: optionalText,
      expires_at: optionalTime,
      last_used_at: optionalTime,
      requests_per_minute: { ...integer, nullable: true },
      revoked_at: optionalTime,
      revoked_by: optionalText,
    }),
    table('audit_log', {
      id: { ...id, type: bigint },
      at: time,
      actor: optionalText,
      action: text,
      outcome: text,
      target: optionalText,
      address: optionalText,
      request_id: optionalText,
      occurrences: integer,
      details: text,
    }),
  ];
}

/** On PostgreSQL only. */
function rateBucket(whole: EntitySchemaColumnOptions): Columns {
  const level = { type: 'double precision' } as const;
  return {
    name: { type: 'text', primary: true },
    ...{ steady_out: level, burst_out: level, refilled_at: whole, version: whole },
  };
}

/** The columns of something that need not be there. */
function optional(columns: Columns): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, { ...column, nullable: true }]),
  );
}

function tableFor(dialect: Dialect): (name: string, columns: Columns) => EntitySchema {
  return (name, columns) => new EntitySchema({ name, tableName: name, columns, ...indexesOf(name, dialect) });
}
