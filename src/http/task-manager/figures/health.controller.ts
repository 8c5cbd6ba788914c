import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { Open } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { AnyQuery } from '../../shared/validation/query.guard';
import { StoreProbe } from '../../system/store-probe';
import * as docs from './figure-docs';
import type { ServiceHealth } from './figure.views';

/** How the service is, as this dialect tells it. There is no Redis, so that none is told of. */
@AnyQuery()
@Controller('task-manager/health')
export class TaskManagerHealthController {
  constructor(
    private readonly store: StoreProbe,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  @Get()
  @Open()
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.HEALTH)
  async health(@Res({ passthrough: true }) response: Response): Promise<ServiceHealth> {
    const { counts } = await this.store.ask();
    const status = counts === null ? 'unhealthy' : 'healthy';
    response.status(counts === null ? 503 : 200);
    return {
      status,
      service: 'task-manager',
      version: this.settings.version,
      details: { database: { status }, queue: { status, size: counts?.waiting ?? null } },
    };
  }
}
