import { Inject, Injectable } from '@nestjs/common';
import { Clock, ForeseeTask, ReadDependencies } from '@task/application';
import type { Task } from '@task/domain';
import { HTTP_SETTINGS, type HttpSettings } from '../service-core';
import { taskInfo } from './views/present-task';
import type { TaskInfo } from './views/task.views';

/** Tells everything that is known of a task, its place in the queue and its expected end included. */
@Injectable()
export class TaskTeller {
  constructor(
    private readonly foreseeTask: ForeseeTask,
    private readonly readDependencies: ReadDependencies,
    private readonly clock: Clock,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  async info(task: Task): Promise<TaskInfo> {
    const outlook = await this.foreseeTask.execute(task, this.settings.workerTtlMs);
    const dependencies = await this.readDependencies.dependenciesOf(task);
    return taskInfo(task, { ...outlook, dependencies }, this.clock.now());
  }
}
