import { StoreUnavailable } from '@task/application';
import { DomainError } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import type { Failure } from '../../http/shared/failures/failure';
import type { Language } from '../../http/shared/language/language';
import type { MessageKey } from '../../http/shared/language/messages';

type Steps = Readonly<Record<MessageKey, string>>;

const CORRECT = 'Correct the fields in details and call again.';
const REPEAT = 'Wait retry_after_seconds and repeat the same call with the same idempotency_key.';
const STOP = 'Stop working on it: its outcome is not wanted any more. Call task_claim for other work.';
const NOT_HERE = 'Nothing to do: this is no path of MCP.';
const LOOK = 'Call task_get to see how it stands.';

const EN = {
  invalid: CORRECT,
  unauthorized: 'Ask the operator for a key and configure it in this client.',
  forbidden: 'Ask the operator for a key with the role in details.required_role.',
  cross_site: 'Ask through a name that ALLOWED_HOSTS has, and from no other site.',
  not_found: NOT_HERE,
  worker_not_found: NOT_HERE,
  concurrency_key_not_found: NOT_HERE,
  method_not_allowed: NOT_HERE,
  payload_too_large: 'Send less: put large data into files and name their paths.',
  unsupported_media_type: 'Send JSON as application/json.',
  rate_limited: 'Wait retry_after_seconds, then call again.',
  request_timed_out: LOOK,
  too_many_streams: REPEAT,
  unknown_host: 'Ask through a name that ALLOWED_HOSTS has.',
  address_refused: 'Ask the operator to let this address in (IP_ALLOWLIST).',
  https_required: 'Ask by https; a key that was sent without it has to be replaced.',
  headers_too_large: 'Send fewer and shorter headers.',
  malformed_message: 'Send well-formed HTTP.',
  request_too_slow: 'Send the whole request at once, then call again.',
  'key.invalid': NOT_HERE,
  'key.not_found': NOT_HERE,
  'key.name_taken': NOT_HERE,
  'schedule.invalid': NOT_HERE,
  'schedule.not_found': NOT_HERE,
  'schedule.name_taken': NOT_HERE,
  'config.invalid': NOT_HERE,
  'config.needs_restart': NOT_HERE,
  'config.contradictory': NOT_HERE,
  'config.shuts_out_caller': NOT_HERE,
  'task.invalid': CORRECT,
  'task.not_found': 'Check the id; task_list shows what there is.',
  'task.lease_lost': 'Stop working on it: somebody else has it, or will. Call task_claim for other work.',
  'task.cancelled': STOP,
  'task.already_final': `It has ended and stays so. ${LOOK}`,
  'task.archived': 'It ended long ago. File it again with task_create if it is still wanted.',
  'task.not_working': 'Nobody holds it. To work on it claim it with task_claim.',
  'task.not_waiting':
    'Only waiting tasks are cancelled without force: call again with force true to stop it.',
  'task.not_failed': `Only failed tasks are retried. ${LOOK}`,
  'task.retries_exhausted': 'File it again with task_create if it is still wanted.',
  'task.prompt_mismatch':
    'This is not the task that was worked on: check task_id, then complete the right one.',
  'task.prompt_says_nothing': 'Write a prompt in words that tell an agent what to do.',
  'task.prompt_too_short': 'Write a longer prompt: what, where, and when it is done.',
  'queue.overloaded': REPEAT,
  'queue.full': 'Wait until workers have finished some tasks, then file it again.',
  'executor.full': 'Wait until the service has run some of its tasks, then file it again.',
  'idempotency.key_reused':
    'Use a new idempotency_key for a new call; the old one belongs to other arguments.',
  'idempotency.key_in_use': 'The first call is still running: wait a second and repeat it.',
  unreachable: REPEAT,
  overloaded: REPEAT,
  timed_out: REPEAT,
  closing: REPEAT,
  no_space: REPEAT,
  file_gone: 'Tell the operator; until it is put right only what is stored can be read.',
  unknown:
    'Whether it was done is unknown. Repeat the same call with the same idempotency_key, or look first.',
  unexpected: 'Tell the operator details.error_id. Whether it was done is unknown: look first.',
} as const satisfies Steps;

const ZH: Steps = {
  invalid: '按details修正字段后重新调用。',
  unauthorized: '向运维人员申请密钥并配置到此客户端。',
  forbidden: '向运维人员申请具有details.required_role角色的密钥。',
  cross_site: '请使用ALLOWED_HOSTS中的主机名，且不要从其他站点访问。',
  not_found: '无需处理：这不是MCP的路径。',
  worker_not_found: '无需处理：这不是MCP的路径。',
  concurrency_key_not_found: '无需处理：这不是MCP的路径。',
  method_not_allowed: '无需处理：这不是MCP的路径。',
  payload_too_large: '减少内容：将大数据写入文件并给出路径。',
  unsupported_media_type: '以application/json发送JSON。',
  rate_limited: '等待retry_after_seconds秒后重新调用。',
  request_timed_out: '调用task_get查看其状态。',
  too_many_streams: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  unknown_host: '请使用ALLOWED_HOSTS中的主机名。',
  address_refused: '请运维人员放行此地址（IP_ALLOWLIST）。',
  https_required: '请使用HTTPS；未经HTTPS发送的密钥须更换。',
  headers_too_large: '减少请求头的数量和长度。',
  malformed_message: '发送格式正确的HTTP请求。',
  request_too_slow: '一次发送完整请求后重新调用。',
  'key.invalid': '无需处理：这不是MCP的路径。',
  'key.not_found': '无需处理：这不是MCP的路径。',
  'key.name_taken': '无需处理：这不是MCP的路径。',
  'schedule.invalid': '无需处理：这不是MCP的路径。',
  'schedule.not_found': '无需处理：这不是MCP的路径。',
  'schedule.name_taken': '无需处理：这不是MCP的路径。',
  'config.invalid': '无需处理：这不是MCP的路径。',
  'config.needs_restart': '无需处理：这不是MCP的路径。',
  'config.contradictory': '无需处理：这不是MCP的路径。',
  'config.shuts_out_caller': '无需处理：这不是MCP的路径。',
  'task.invalid': '按details修正字段后重新调用。',
  'task.not_found': '检查任务ID；task_list可列出现有任务。',
  'task.lease_lost': '停止处理：该任务已属于或将属于他人。用task_claim领取其他任务。',
  'task.cancelled': '停止处理：其结果已不再需要。用task_claim领取其他任务。',
  'task.already_final': '任务已结束且不会再变。调用task_get查看其状态。',
  'task.archived': '任务早已结束并归档。如仍需要，请用task_create重新创建。',
  'task.not_working': '无人持有该任务。要处理请用task_claim领取。',
  'task.not_waiting': '不加force只能取消等待中的任务：如需停止，请以force为true重新调用。',
  'task.not_failed': '只能重试失败的任务。调用task_get查看其状态。',
  'task.retries_exhausted': '如仍需要，请用task_create重新创建。',
  'task.prompt_mismatch': '这不是所处理的任务：检查task_id后完成正确的任务。',
  'task.prompt_says_nothing': '用文字写明要代理做什么。',
  'task.prompt_too_short': '写更长的描述：做什么、在哪里、何时算完成。',
  'queue.overloaded': '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  'queue.full': '等待工作者完成部分任务后再创建。',
  'executor.full': '等待服务执行完部分任务后再创建。',
  'idempotency.key_reused': '新调用请使用新的idempotency_key；旧的属于其他参数。',
  'idempotency.key_in_use': '首个调用仍在执行：等待一秒后重复。',
  unreachable: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  overloaded: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  timed_out: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  closing: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  no_space: '等待retry_after_seconds秒，用相同的idempotency_key重复同一调用。',
  file_gone: '告知运维人员；修复之前只能读取已存储的内容。',
  unknown: '是否已执行未知。用相同的idempotency_key重复同一调用，或先查看。',
  unexpected: '将details.error_id告知运维人员。是否已执行未知：请先查看。',
};

const STEPS: Readonly<Record<Language, Steps>> = { en: EN, zh: ZH };

/** What a model does best after a failure. */
export function nextStepOf(failure: Failure, language: Language): string {
  return STEPS[language][keyOf(failure)];
}

function keyOf(failure: Failure): MessageKey {
  if (failure instanceof Refusal) return failure.kind;
  if (failure instanceof StoreUnavailable) return failure.fault;
  return failure instanceof DomainError ? failure.code : 'unexpected';
}
