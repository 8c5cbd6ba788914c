import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { Open } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { HealthReporter } from '../../system/health-reporter';
import { AnyQuery } from '../../shared/validation/query.guard';
import * as docs from './figure-docs';
import type { ServiceHealth } from './figure.views';

/** How the service is, as this dialect tells it. There is no Redis, so that none is told of. */
@AnyQuery()
@Controller('task-manager/health')
export class TaskManagerHealthController {
  constructor(
    private readonly reporter: HealthReporter,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  @Get()
  @Open()
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.HEALTH)
  async health(@Res({ passthrough: true }) response: Response): Promise<ServiceHealth> {
    const { status, database, metrics } = await this.reporter.report();
    response.status(status === 'unhealthy' ? 503 : 200);
    return {
      status,
      service: 'task-manager',
      version: this.settings.version,
      details: {
        database: { status: database === 'connected' ? 'healthy' : 'unhealthy' },
        queue: { status, size: metrics.queue_size },
      },
    };
  }
}
