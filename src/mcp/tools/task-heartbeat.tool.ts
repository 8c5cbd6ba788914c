import { RenewLease } from '@task/application';
import { TASK_RULES } from '@task/domain';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { REPEATS, type Tool } from '../tool/tool';
import { leaseView } from '../views/task-views';
import { COUNT, HELD_TASK, proofOf, STANDING, TEXT, type HeldTask } from './common-arguments';

interface Given extends HeldTask {
  readonly progress?: number;
  readonly message?: string;
}

/** A worker tells that it lives, and how far it is. */
export class TaskHeartbeatTool implements Tool<Given> {
  readonly name = 'task_heartbeat';
  readonly title = 'Keep a task';
  readonly about = 'Renews the lease of a claimed task, with progress in percent if you like.';
  readonly needs = 'worker';
  readonly hints = REPEATS;
  readonly takes = {
    ...HELD_TASK,
    progress: { rule: TASK_RULES.progress },
    message: { rule: TASK_RULES.progressMessage },
  };
  readonly gives = { ...STANDING, lease_expires_at: TEXT, progress: COUNT };

  constructor(private readonly renewLease: RenewLease) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { task_id: taskId, progress, message } = given;
    const input = { taskId, progress, message, proof: proofOf(given) };
    return about(taskId, leaseView(await this.renewLease.execute(input, asked.call(this.name, given))));
  }
}
