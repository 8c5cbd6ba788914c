import type { StoreFault } from '@task/application';
import type { ErrorCode, TaskConflict } from '@task/domain';
import type { RefusalKind } from '../shared/failures/refusal';
import type { Language } from '../shared/language/language';

/** The error codes of this dialect and their HTTP statuses: those of its document, and what else can happen. */
export const STATUS_OF = {
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  TASK_NOT_FOUND: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TASK_NOT_CANCELABLE: 409,
  TASK_NOT_RETRYABLE: 409,
  TASK_NOT_PROCESSING: 409,
  CANCELLED: 409,
  LEASE_LOST: 409,
  REQUEST_IN_PROGRESS: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  QUEUE_FULL: 503,
  SERVICE_UNAVAILABLE: 503,
  REQUEST_TIMEOUT: 504,
} as const;

/** One of the error codes of this dialect. */
export type WireCode = keyof typeof STATUS_OF;

/** Everything that can fail, and its code in this dialect: what has no row does not compile. */
export const CODE_OF = {
  'task.invalid': 'INVALID_REQUEST',
  'task.not_found': 'TASK_NOT_FOUND',
  'task.lease_lost': 'LEASE_LOST',
  'task.cancelled': 'CANCELLED',
  'task.already_final': 'TASK_NOT_PROCESSING',
  'task.not_working': 'TASK_NOT_PROCESSING',
  'task.not_waiting': 'TASK_NOT_PROCESSING',
  'task.not_failed': 'TASK_NOT_RETRYABLE',
  'task.retries_exhausted': 'TASK_NOT_RETRYABLE',
  'task.prompt_mismatch': 'INVALID_REQUEST',
  'task.prompt_says_nothing': 'INVALID_REQUEST',
  'task.prompt_too_short': 'INVALID_REQUEST',
  'queue.full': 'QUEUE_FULL',
  'idempotency.key_reused': 'IDEMPOTENCY_KEY_REUSED',
  'idempotency.key_in_use': 'REQUEST_IN_PROGRESS',
  'config.invalid': 'INVALID_REQUEST',
  'config.needs_restart': 'INVALID_REQUEST',
  'config.contradictory': 'INVALID_REQUEST',
  'config.shuts_out_caller': 'INVALID_REQUEST',
  'key.invalid': 'INVALID_REQUEST',
  'key.not_found': 'NOT_FOUND',
  'key.name_taken': 'INVALID_REQUEST',
  invalid: 'INVALID_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  cross_site: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  worker_not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  rate_limited: 'RATE_LIMIT_EXCEEDED',
  request_timed_out: 'REQUEST_TIMEOUT',
  too_many_streams: 'SERVICE_UNAVAILABLE',
  unreachable: 'SERVICE_UNAVAILABLE',
  overloaded: 'SERVICE_UNAVAILABLE',
  timed_out: 'SERVICE_UNAVAILABLE',
  closing: 'SERVICE_UNAVAILABLE',
  unknown: 'SERVICE_UNAVAILABLE',
  unexpected: 'INTERNAL_ERROR',
} as const satisfies Record<ErrorCode | RefusalKind | StoreFault | 'unexpected', WireCode>;

/** What a conflict is called by what was asked for, where the document has a code for that. */
export const CODE_OF_CONFLICT: Readonly<Partial<Record<TaskConflict['command'], WireCode>>> = {
  cancel: 'TASK_NOT_CANCELABLE',
  retry: 'TASK_NOT_RETRYABLE',
};

/** What went wrong, in a few words. */
export const TITLES = {
  en: {
    INVALID_REQUEST: 'Invalid request',
    UNAUTHORIZED: 'Unauthorized',
    FORBIDDEN: 'Forbidden',
    TASK_NOT_FOUND: 'Task not found',
    NOT_FOUND: 'Not found',
    METHOD_NOT_ALLOWED: 'Method not allowed',
    TASK_NOT_CANCELABLE: 'Task cannot be canceled',
    TASK_NOT_RETRYABLE: 'Task cannot be retried',
    TASK_NOT_PROCESSING: 'Task is not being processed',
    CANCELLED: 'Task was canceled',
    LEASE_LOST: 'Lease lost',
    REQUEST_IN_PROGRESS: 'Request in progress',
    PAYLOAD_TOO_LARGE: 'Payload too large',
    UNSUPPORTED_MEDIA_TYPE: 'Unsupported media type',
    IDEMPOTENCY_KEY_REUSED: 'Idempotency key reused',
    RATE_LIMIT_EXCEEDED: 'Rate limit exceeded',
    INTERNAL_ERROR: 'Internal error',
    QUEUE_FULL: 'Queue is full',
    SERVICE_UNAVAILABLE: 'Service unavailable',
    REQUEST_TIMEOUT: 'Request timed out',
  },
  zh: {
    INVALID_REQUEST: '请求参数无效',
    UNAUTHORIZED: '未认证',
    FORBIDDEN: '无权限',
    TASK_NOT_FOUND: '任务不存在',
    NOT_FOUND: '资源不存在',
    METHOD_NOT_ALLOWED: '请求方法不支持',
    TASK_NOT_CANCELABLE: '任务无法取消',
    TASK_NOT_RETRYABLE: '任务无法重试',
    TASK_NOT_PROCESSING: '任务未在处理中',
    CANCELLED: '任务已取消',
    LEASE_LOST: '任务租约已失效',
    REQUEST_IN_PROGRESS: '请求正在处理',
    PAYLOAD_TOO_LARGE: '请求体过大',
    UNSUPPORTED_MEDIA_TYPE: '请求体类型不支持',
    IDEMPOTENCY_KEY_REUSED: '幂等键已用于另一请求',
    RATE_LIMIT_EXCEEDED: '请求频率超限',
    INTERNAL_ERROR: '服务器内部错误',
    QUEUE_FULL: '队列已满',
    SERVICE_UNAVAILABLE: '服务不可用',
    REQUEST_TIMEOUT: '请求超时',
  },
} as const satisfies Record<Language, Record<WireCode, string>>;
