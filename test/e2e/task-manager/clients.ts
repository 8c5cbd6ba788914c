import type { Role } from '@task/domain';
import { TaskManagerClient } from '../../support/task-manager-client';
import type { TestService } from '../http/service';

/** A client of the task manager with the key of a role; null for none. */
export function taskManagerOf(service: TestService, role: Role | null = 'admin'): TaskManagerClient {
  return new TaskManagerClient(`${service.baseUrl}/task-manager`, role);
}
