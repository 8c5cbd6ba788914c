import { Controller, Get, Inject, Query } from '@nestjs/common';
import { CountTasks, ReadSystemFigures, ReadTaskFigures } from '@task/application';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { FiguresQuery, QueueQuery } from '../dto/task-filter';
import { filterOf } from '../to-input';
import * as docs from './figure-docs';
import type { QueueInfo, SystemStatistics, TaskStatistics } from './figure.views';
import { systemStatistics, taskStatistics } from './present-figures';

const QUEUE_KEY = 'task_queue';

/** How the queue is doing. */
@Controller('task-manager/api/v1')
export class FiguresController {
  constructor(
    private readonly readTaskFigures: ReadTaskFigures,
    private readonly readSystemFigures: ReadSystemFigures,
    private readonly countTasks: CountTasks,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  @Get('stats/tasks')
  @Needs('reader')
  @Endpoint(docs.TASK_STATISTICS)
  async taskStatistics(@Query() { kb_id: kbId }: FiguresQuery): Promise<TaskStatistics> {
    return taskStatistics(await this.readTaskFigures.execute({ kbId }));
  }

  @Get('stats/system')
  @Needs('reader')
  @Endpoint(docs.SYSTEM_STATISTICS)
  async systemStatistics(): Promise<SystemStatistics> {
    return systemStatistics(await this.readSystemFigures.execute(this.settings.workerTtlMs));
  }

  @Get('queues/info')
  @Needs('reader')
  @Endpoint(docs.QUEUE_INFO)
  async queueInfo(@Query() { task_type, priority }: QueueQuery): Promise<QueueInfo> {
    const filter = filterOf({
      ...(task_type !== undefined && { task_type }),
      ...(priority !== undefined && { priority }),
      status: 'queued',
    });
    const { total } = await this.countTasks.execute(filter);
    return { queue_size: total, queue_key: priority === undefined ? QUEUE_KEY : `${QUEUE_KEY}:${priority}` };
  }
}
