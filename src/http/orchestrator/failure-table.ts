import type { StoreFault } from '@task/application';
import type { ErrorCode } from '@task/domain';
import type { RefusalKind } from '../shared/failures/refusal';
import type { MessageKey } from '../shared/language/messages';

/** The error codes of dialect A (spec 5.1, behaviour.md 6) and their HTTP statuses. */
export const STATUS_OF = {
  VALIDATION_ERROR: 400,
  MALFORMED_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_ENTITY: 422,
  RATE_LIMIT_EXCEEDED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  QUEUE_FULL: 503,
  GATEWAY_TIMEOUT: 504,
} as const;

/** One of the error codes of dialect A. */
export type WireCode = keyof typeof STATUS_OF;

/** Everything that can fail, and its code in dialect A: what has no row does not compile. */
export const CODE_OF = {
  'task.invalid': 'VALIDATION_ERROR',
  'task.not_found': 'NOT_FOUND',
  'task.lease_lost': 'CONFLICT',
  'task.cancelled': 'CONFLICT',
  'task.already_final': 'CONFLICT',
  'task.not_working': 'CONFLICT',
  'task.not_waiting': 'CONFLICT',
  'task.not_failed': 'CONFLICT',
  'task.retries_exhausted': 'CONFLICT',
  'task.prompt_mismatch': 'UNPROCESSABLE_ENTITY',
  'task.prompt_says_nothing': 'UNPROCESSABLE_ENTITY',
  'task.prompt_too_short': 'UNPROCESSABLE_ENTITY',
  'queue.full': 'QUEUE_FULL',
  'idempotency.key_reused': 'UNPROCESSABLE_ENTITY',
  'idempotency.key_in_use': 'CONFLICT',
  'config.invalid': 'VALIDATION_ERROR',
  'config.needs_restart': 'UNPROCESSABLE_ENTITY',
  'config.contradictory': 'UNPROCESSABLE_ENTITY',
  'config.shuts_out_caller': 'UNPROCESSABLE_ENTITY',
  'key.invalid': 'VALIDATION_ERROR',
  'key.not_found': 'NOT_FOUND',
  'key.name_taken': 'CONFLICT',
  invalid: 'VALIDATION_ERROR',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  cross_site: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  worker_not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  rate_limited: 'RATE_LIMIT_EXCEEDED',
  request_timed_out: 'GATEWAY_TIMEOUT',
  too_many_streams: 'SERVICE_UNAVAILABLE',
  unknown_host: 'FORBIDDEN',
  address_refused: 'FORBIDDEN',
  https_required: 'FORBIDDEN',
  headers_too_large: 'HEADERS_TOO_LARGE',
  malformed_message: 'MALFORMED_REQUEST',
  request_too_slow: 'REQUEST_TIMEOUT',
  unreachable: 'BAD_GATEWAY',
  overloaded: 'SERVICE_UNAVAILABLE',
  timed_out: 'GATEWAY_TIMEOUT',
  closing: 'SERVICE_UNAVAILABLE',
  unknown: 'SERVICE_UNAVAILABLE',
  unexpected: 'INTERNAL_ERROR',
} as const satisfies Record<ErrorCode | RefusalKind | StoreFault | MessageKey, WireCode>;
