import type { EntitySchemaOptions } from 'typeorm';
import type { Dialect } from './dialect';

/** The indexes and the unique keys over several columns that a table's migrations make, in TypeORM's words. */
export function indexesOf(
  table: string,
  dialect: Dialect,
): Pick<EntitySchemaOptions<unknown>, 'indices' | 'uniques'> {
  const columns = UNIQUES[table];
  // Nobody named them: PostgreSQL names them by its own rule, and on SQLite TypeORM does by one of its own.
  const name = `${table}_${columns?.join('_') ?? ''}_key`;
  return {
    indices: (INDEXES[table] ?? []).map((index) => ({ ...index, columns: [...index.columns] })),
    uniques:
      columns === undefined ? [] : [{ columns: [...columns], ...(dialect === 'postgres' && { name }) }],
  };
}

interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  readonly where?: string;
  readonly unique?: true;
}

const READY = 'status = 0 AND gate = 0';

const INDEXES: Readonly<Record<string, readonly Index[]>> = {
  tasks: [
    { name: 'tasks_by_creation', columns: ['created_at', 'seq'] },
    { name: 'tasks_by_status', columns: ['status', 'rank', 'created_at', 'seq'] },
    { name: 'tasks_by_group', columns: ['group_id', 'status', 'rank', 'created_at', 'seq'] },
    { name: 'tasks_ready', columns: ['rank', 'seq'], where: READY },
    { name: 'tasks_ready_by_group', columns: ['group_id', 'rank', 'seq'], where: READY },
    {
      name: 'tasks_by_key',
      columns: ['key_id', 'gate', 'rank', 'seq'],
      where: 'status = 0 AND key_id IS NOT NULL',
    },
    { name: 'tasks_scheduled', columns: ['available_at'], where: 'status = 0 AND gate = 1' },
  ],
  leases: [
    { name: 'leases_by_slot', columns: ['slot_until'], where: 'slot_until IS NOT NULL' },
    { name: 'leases_by_expiry', columns: ['expires_at'], where: 'ended_by IS NULL' },
    {
      name: 'leases_by_timeout',
      columns: ['timeout_at'],
      where: 'ended_by IS NULL AND timeout_at IS NOT NULL',
    },
    {
      name: 'leases_by_worker',
      columns: ['worker_id', 'claimed_at'],
      where: 'ended_by IS NULL AND worker_id IS NOT NULL',
    },
  ],
  task_tags: [{ name: 'task_tags_by_task', columns: ['seq'] }],
  api_keys: [{ name: 'api_keys_by_name', columns: ['name'], where: 'revoked_at IS NULL', unique: true }],
  audit_log: [
    { name: 'audit_log_by_time', columns: ['at', 'id'] },
    { name: 'audit_log_by_actor', columns: ['actor', 'at', 'id'] },
    { name: 'audit_log_by_action', columns: ['action', 'at', 'id'] },
  ],
  idempotency: [{ name: 'idempotency_by_expiry', columns: ['expires_at'] }],
  schedules: [{ name: 'schedules_due', columns: ['next_at', 'id'], where: 'next_at IS NOT NULL' }],
  workers: [{ name: 'workers_by_last_seen', columns: ['last_seen', 'name'] }],
  task_dependencies: [
    { name: 'task_dependencies_open', columns: ['on_seq', 'on_failure', 'seq'], where: 'settled = 0' },
    { name: 'task_dependencies_by_dependency', columns: ['on_seq', 'seq'] },
  ],
  concurrency_keys: [{ name: 'concurrency_keys_held', columns: ['id'], where: 'held > 0' }],
  task_groups: [{ name: 'task_groups_ready', columns: ['directory_id'], where: 'ready > 0' }],
};

const UNIQUES: Readonly<Record<string, readonly string[]>> = {
  task_groups: ['directory_id', 'task_type', 'kb_id', 'concurrency_key'],
  task_history: ['seq', 'version'],
  archived_history: ['seq', 'version'],
};
