/** What the fields that the core names are called here; every other name is the same. */
const NAMES: Readonly<Record<string, string>> = {
  taskType: 'task_type',
  kbId: 'kb_id',
  availableAt: 'schedule_for',
  timeoutSeconds: 'timeout',
  maxRetries: 'max_retries',
  autoRetry: 'auto_retry',
  workerId: 'worker_id',
  leaseToken: 'lease_token',
  leaseSeconds: 'lease_seconds',
  errorMessage: 'error_message',
  progressMessage: 'message',
  concurrencyKey: 'concurrency_key',
  dependsOn: 'depends_on',
  onDependencyFailure: 'on_dependency_failure',
};

const IN_ITEM = /^\[(\d+)\]\.?/;

/** The name of a field in this dialect: `timeoutSeconds` is `timeout`, `payload.chunk_size` stays. */
export function fieldNameOf(field: string): string {
  const [name = field] = field.split(/[.[]/);
  const own = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return own === undefined ? field : own + field.slice(name.length);
}

/** Which of several tasks a field belongs to, from 0, and its name there: `[3].kb_id` is `kb_id` of 3. */
export function placeOf(field: string): { readonly index: number | null; readonly field: string } {
  const [prefix = '', index] = IN_ITEM.exec(field) ?? [];
  return {
    index: index === undefined ? null : Number(index),
    field: fieldNameOf(field.slice(prefix.length)),
  };
}
