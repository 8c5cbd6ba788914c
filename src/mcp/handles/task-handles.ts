import { CancelTask, TaskStore } from '@task/application';
import { permits, TaskConflict } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import type { Asked } from '../tool/asked';
import { detailedHandleOf } from './task-handle';

const REASON = 'cancelled by the client that follows it';

/** The tasks of the queue, as clients follow them by themselves. */
export class TaskHandles {
  constructor(
    private readonly tasks: TaskStore,
    private readonly cancelTask: CancelTask,
  ) {}

  async get(taskId: string): Promise<object | null> {
    const task = await this.tasks.find(taskId);
    return task === null ? null : detailedHandleOf(task);
  }

  async isKnown(taskId: string): Promise<boolean> {
    return (await this.tasks.find(taskId)) !== null;
  }

  /** Gives it up, worked on or not. One that has ended stays as it is: that is no failure. @returns whether it is known */
  async cancel(taskId: string, asked: Asked): Promise<boolean> {
    if (!permits(asked.caller, 'producer')) throw new Refusal('forbidden', { required_role: 'producer' });
    const task = await this.tasks.find(taskId);
    if (task === null) return false;
    if (task.status !== 'waiting' && task.status !== 'working') return true;
    try {
      await this.cancelTask.execute({ taskId, reason: REASON, force: true }, asked.callOnce());
    } catch (error) {
      if (!(error instanceof TaskConflict)) throw error;
    }
    return true;
  }
}
