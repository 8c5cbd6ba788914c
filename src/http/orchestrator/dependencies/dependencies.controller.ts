import { Controller, Get, Param, Query } from '@nestjs/common';
import { ReadDependencies } from '@task/application';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { CursorQuery } from '../dto/cursor.query';
import { DEFAULT_LIMIT } from '../dto/page-fields';
import { success, type Success } from '../envelope';
import { GET_DEPENDENCIES } from './dependency-docs';
import type { TaskDependencies } from './dependency.views';
import { taskDependencies } from './present-dependencies';

/** Who waits for whom. */
@Controller('api/v1/tasks')
export class DependenciesController {
  constructor(private readonly readDependencies: ReadDependencies) {}

  @Get(':task_id/dependencies')
  @Needs('reader')
  @Endpoint(GET_DEPENDENCIES)
  async get(
    @Param('task_id') taskId: string,
    @Query() { limit = DEFAULT_LIMIT, cursor }: CursorQuery,
  ): Promise<Success<TaskDependencies>> {
    const read = await this.readDependencies.execute({ taskId, limit, cursor });
    return success(taskDependencies(read, limit));
  }
}
