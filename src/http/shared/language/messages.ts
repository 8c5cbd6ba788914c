import type { ErrorCode } from '@task/domain';
import type { StoreFault } from '@task/application';
import type { RefusalKind } from '../failures/refusal';
import type { Language } from './language';

/** Everything that can go wrong: each has a message in each language, or this does not compile. */
export type MessageKey = ErrorCode | RefusalKind | StoreFault | 'unexpected';

const MESSAGES = {
  en: {
    invalid: 'The request is not valid',
    unauthorized: 'A valid API key is needed: Authorization: Bearer <api-key>',
    forbidden: 'This API key may not do that',
    cross_site: 'Requests that change state are not taken from other sites',
    not_found: 'There is nothing at this path',
    worker_not_found: 'No worker of this name was ever seen',
    method_not_allowed: 'This path does not take this method',
    payload_too_large: 'The body is too large',
    unsupported_media_type: 'The body must be JSON in UTF-8, sent as application/json',
    rate_limited: 'Too many requests',
    request_timed_out: 'The request took too long; whether it was done is unknown',
    too_many_streams: 'As many readers follow events as may; try again later',
    'task.invalid': 'The request is not valid',
    'task.not_found': 'There is no task with this id',
    'task.lease_lost': 'The task is not held by this caller (any more)',
    'task.cancelled': 'The task was cancelled',
    'task.already_final': 'The task has ended and does not change any more',
    'task.not_working': 'Nobody works on the task',
    'task.not_waiting': 'The task does not wait',
    'task.not_failed': 'Only a failed task can be retried',
    'task.retries_exhausted': 'The task has used up its retries',
    'task.prompt_mismatch': 'original_prompt does not match the prompt of the task',
    'task.prompt_says_nothing': 'The prompt has no letter or digit in it',
    'task.prompt_too_short': 'The prompt has too few words',
    'queue.full': 'The queue is full',
    'executor.full': 'Too many tasks wait for the service itself to run them; try again later',
    'idempotency.key_reused': 'This Idempotency-Key was used for another request; nothing was done',
    'idempotency.key_in_use':
      'The first request with this Idempotency-Key is not answered yet; nothing was done',
    unreachable: 'The database cannot be reached; nothing was done',
    overloaded: 'The service is overloaded; nothing was done',
    timed_out: 'The database took too long',
    closing: 'The service is stopping; nothing was done',
    unknown: 'The database failed; whether the request was done is unknown',
    unexpected: 'Something went wrong inside the service',
  },
  zh: {
    invalid: '请求参数验证失败',
    unauthorized: '认证失败：需要有效的API密钥（Authorization: Bearer <api-key>）',
    forbidden: '权限不足',
    cross_site: '不接受来自其他站点的状态变更请求',
    not_found: '资源不存在',
    worker_not_found: '从未见过该名称的工作者',
    method_not_allowed: '该路径不支持此请求方法',
    payload_too_large: '请求体过大',
    unsupported_media_type: '请求体必须是UTF-8编码的JSON（application/json）',
    rate_limited: '请求频率超限',
    request_timed_out: '请求超时，是否已执行未知',
    too_many_streams: '事件流连接数已达上限，请稍后重试',
    'task.invalid': '请求参数验证失败',
    'task.not_found': '任务不存在',
    'task.lease_lost': '任务不（再）由该调用者持有',
    'task.cancelled': '任务已被取消',
    'task.already_final': '任务已结束，不能再更改',
    'task.not_working': '任务未在处理中',
    'task.not_waiting': '任务未处于等待状态',
    'task.not_failed': '只能重试失败的任务',
    'task.retries_exhausted': '任务重试次数已用尽',
    'task.prompt_mismatch': 'original_prompt与任务描述不匹配',
    'task.prompt_says_nothing': '任务描述中没有任何文字或数字',
    'task.prompt_too_short': '任务描述字数过少',
    'queue.full': '任务队列已满',
    'executor.full': '等待服务自身执行的任务过多，请稍后重试',
    'idempotency.key_reused': '该Idempotency-Key已用于另一请求，请求未执行',
    'idempotency.key_in_use': '使用该Idempotency-Key的首个请求尚未完成，请求未执行',
    unreachable: '数据库连接失败，请求未执行',
    overloaded: '服务过载，请求未执行',
    timed_out: '数据库响应超时',
    closing: '服务正在停止，请求未执行',
    unknown: '数据库故障，请求是否已执行未知',
    unexpected: '服务器内部错误',
  },
} as const satisfies Record<Language, Record<MessageKey, string>>;

/** What went wrong, for people. */
export function messageOf(key: MessageKey, language: Language): string {
  return MESSAGES[language][key];
}
