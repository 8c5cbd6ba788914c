import { bandOf, type RunFailure, type Schedule, type TaskTemplate } from '@task/domain';
import type { Language } from '../../shared/language/language';
import { messageOf } from '../../shared/language/messages';
import { iso, isoOrNull, valueOf } from '../../shared/views/format';
import { CODE_OF } from '../failure-table';
import type { RunFailureView, ScheduleView, TaskTemplateView } from './schedule.views';

/** Everything that is known of a schedule. @param language of whoever reads what went wrong */
export function scheduleView(schedule: Schedule, language: Language): ScheduleView {
  return {
    schedule_id: schedule.id,
    name: schedule.name,
    cron: schedule.cron,
    interval_seconds: schedule.intervalSeconds,
    time_zone: schedule.timeZone,
    task: templateView(schedule.task),
    missed: schedule.missed,
    enabled: schedule.isEnabled,
    next_run_at: isoOrNull(schedule.nextAt),
    last_run_at: isoOrNull(schedule.lastAt),
    last_task_id: schedule.lastTaskId,
    last_error: failureView(schedule.lastError, language),
    created_at: iso(schedule.createdAt),
    created_by: schedule.createdBy,
    updated_at: iso(schedule.updatedAt),
    updated_by: schedule.updatedBy,
  };
}

/** What is stored is English, with its figures; in other languages the code says what it was. */
function failureView(failure: RunFailure | null, language: Language): RunFailureView | null {
  if (failure === null) return null;
  const { code, message, at } = failure;
  return {
    code: CODE_OF[code],
    message: language === 'en' ? message : messageOf(code, language),
    at: iso(at),
  };
}

function templateView(task: TaskTemplate): TaskTemplateView {
  const { workDirectory, prompt, priority, tags, taskType, kbId, payload, metadata } = task;
  const { maxRetries, timeoutSeconds, autoRetry, concurrencyKey } = task;
  return {
    ...(workDirectory !== undefined && { work_directory: workDirectory }),
    ...(prompt !== undefined && { prompt }),
    ...(priority !== undefined && { priority: bandOf(priority) }),
    ...(tags !== undefined && { tags }),
    ...(taskType !== undefined && { task_type: taskType }),
    ...(kbId !== undefined && { kb_id: kbId }),
    ...(payload !== undefined && { payload: valueOf(payload) }),
    ...(metadata !== undefined && { metadata: valueOf(metadata) }),
    ...(maxRetries !== undefined && { max_retries: maxRetries }),
    ...(timeoutSeconds !== undefined && { timeout_seconds: timeoutSeconds }),
    ...(autoRetry !== undefined && { auto_retry: autoRetry }),
    ...(concurrencyKey !== undefined && { concurrency_key: concurrencyKey }),
  };
}
