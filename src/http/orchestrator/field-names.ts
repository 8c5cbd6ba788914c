/** What the fields that the core names are called here; every other name is the same. */
const NAMES: Readonly<Record<string, string>> = {
  taskType: 'task_type',
  workDirectory: 'work_directory',
  kbId: 'kb_id',
  availableAt: 'schedule_for',
  timeoutSeconds: 'timeout_seconds',
  maxRetries: 'max_retries',
  autoRetry: 'auto_retry',
  workerId: 'worker_id',
  leaseToken: 'lease_token',
  leaseSeconds: 'lease_seconds',
  errorMessage: 'error_message',
  progressMessage: 'progress_message',
  workPath: 'work_path',
  originalPrompt: 'original_prompt',
  expiresInDays: 'expires_in_days',
  requestsPerMinute: 'requests_per_minute',
  concurrencyKey: 'concurrency_key',
  keyLimit: 'limit',
  dependsOn: 'depends_on',
  reference: 'ref',
  onDependencyFailure: 'on_dependency_failure',
  intervalSeconds: 'interval_seconds',
  timeZone: 'time_zone',
  isEnabled: 'enabled',
};

/** What the fields of a schedule's template begin with. */
const TEMPLATE = 'task.';

/** The name of a field in dialect A: `maxRetries` is `max_retries`, `tags[3]` stays. */
export function fieldNameOf(field: string): string {
  if (field.startsWith(TEMPLATE)) return TEMPLATE + fieldNameOf(field.slice(TEMPLATE.length));
  const [name = field] = field.split('[');
  const own = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return own === undefined ? field : own + field.slice(name.length);
}

/** The name of a field of one of several new tasks: `tasks[3].max_retries`. */
export function itemFieldOf(index: number, field: string): string {
  return `tasks[${index}].${fieldNameOf(field)}`;
}
