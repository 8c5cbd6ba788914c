import type { Role } from '@task/domain';
import { TaskManagerClient, type TaskInfo } from '../../support/task-manager-client';
import type { TestService } from '../http/service';

/** A client of the task manager with the key of a role; null for none. */
export function taskManagerOf(service: TestService, role: Role | null = 'admin'): TaskManagerClient {
  return new TaskManagerClient(`${service.baseUrl}/task-manager`, role);
}

/** Files a task, claims it, and completes it after a while. */
export async function completeOne(service: TestService, changes: object = {}, ms = 1_000): Promise<TaskInfo> {
  const api = taskManagerOf(service);
  const task = await api.create({ priority: 'critical', ...changes });
  await api.claim();
  service.clock.advance(ms);
  return api.must('POST', `/api/v1/tasks/${task.id}/complete`, { result: { ok: true } });
}
