import type { Constraints, Reason } from '@task/domain';
import type { Language } from './language';

type Wording = (figure: (name: string) => string) => string;

const REASONS = {
  en: {
    required: () => 'is required',
    unknown_field: () => 'is not a known field',
    not_text: () => 'must be text',
    too_short: (figure) =>
      figure('min_length') === '1'
        ? 'must not be empty'
        : `must have at least ${figure('min_length')} characters`,
    too_long: (figure) => `must be at most ${figure('max_length')} characters long`,
    malformed_text: () => 'must be well-formed Unicode without NUL',
    not_printable: () => 'must be one line without control characters',
    bad_format: (figure) => `must be of the form ${figure('pattern') || figure('expected')}`,
    not_absolute_path: () => 'must be a valid absolute path',
    not_one_of: (figure) => `must be one of: ${figure('allowed')}`,
    not_whole_number: () => 'must be a whole number',
    not_number: () => 'must be a number',
    out_of_range: (figure) => `must be from ${figure('min')} to ${figure('max')}`,
    not_flag: () => 'must be true or false',
    not_list: () => 'must be a list',
    too_many: (figure) => `must have at most ${figure('max_items')} elements`,
    not_object: () => 'must be a JSON object',
    not_json: () => 'must be valid JSON',
    too_large: (figure) => `must be at most ${figure('max_bytes')} bytes of JSON`,
    too_deep: (figure) => `must not be nested deeper than ${figure('max_depth')}`,
    not_time: () => 'must be a time in ISO 8601, such as 2025-08-18T10:00:00Z',
    not_unique: () => 'must be given only once',
    breaks_schema: (figure) => `does not fit the schema of its task type: ${figure('expected')}`,
    reserved: (figure) => `must not be one of: ${figure('reserved')}`,
    unknown_task: () => 'must be the id of a task that exists',
    unknown_reference: () => 'must be the ref of a task in the same batch',
    cyclic: () => 'must not depend on itself, however indirectly',
    not_cron: () => 'must be a cron expression of five fields, such as 30 2 * * 1-5',
    not_time_zone: () => 'must be the IANA name of a time zone, such as Europe/Berlin',
    never_occurs: () => 'must name a time that comes: this one never does',
    not_together: (figure) => `must not be given together with ${figure('other')}`,
  },
  zh: {
    required: () => '不能为空',
    unknown_field: () => '未知字段',
    not_text: () => '必须是文本',
    too_short: (figure) =>
      figure('min_length') === '1' ? '不能为空' : `长度不能少于${figure('min_length')}字符`,
    too_long: (figure) => `长度不能超过${figure('max_length')}字符`,
    malformed_text: () => '必须是有效的Unicode文本，且不含NUL字符',
    not_printable: () => '必须是不含控制字符的单行文本',
    bad_format: (figure) => `格式必须为${figure('pattern') || figure('expected')}`,
    not_absolute_path: () => '必须是有效的绝对路径',
    not_one_of: (figure) => `必须是以下值之一：${figure('allowed')}`,
    not_whole_number: () => '必须是整数',
    not_number: () => '必须是数字',
    out_of_range: (figure) => `必须在${figure('min')}到${figure('max')}之间`,
    not_flag: () => '必须是true或false',
    not_list: () => '必须是数组',
    too_many: (figure) => `元素数量不能超过${figure('max_items')}个`,
    not_object: () => '必须是JSON对象',
    not_json: () => '必须是有效的JSON',
    too_large: (figure) => `JSON大小不能超过${figure('max_bytes')}字节`,
    too_deep: (figure) => `嵌套深度不能超过${figure('max_depth')}层`,
    not_time: () => '必须是ISO 8601格式的时间，例如2025-08-18T10:00:00Z',
    not_unique: () => '只能出现一次',
    breaks_schema: (figure) => `不符合任务类型的模式：${figure('expected')}`,
    reserved: (figure) => `不能为以下保留名称：${figure('reserved')}`,
    unknown_task: () => '必须是已存在任务的ID',
    unknown_reference: () => '必须是同一批次中任务的ref',
    cyclic: () => '不能直接或间接依赖自身',
    not_cron: () => '必须是五个字段的cron表达式，例如30 2 * * 1-5',
    not_time_zone: () => '必须是IANA时区名称，例如Europe/Berlin',
    never_occurs: () => '该时间永远不会到来',
    not_together: (figure) => `不能与${figure('other')}同时提供`,
  },
} as const satisfies Record<Language, Record<Reason, Wording>>;

/** Why a value was refused, for people. */
export function reasonOf(reason: Reason, constraints: Constraints, language: Language): string {
  const wording: Wording = REASONS[language][reason];
  return wording((name) => figureOf(constraints[name]));
}

function figureOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(figureOf).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
