import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { Prometheus } from '../../system/prometheus';
import { METRICS } from './figure-docs';

/** What is measured, for Prometheus: the same as beside everything else. */
@Controller('task-manager/metrics')
export class TaskManagerMetricsController {
  constructor(private readonly prometheus: Prometheus) {}

  @Get()
  @Needs('reader')
  @Header('Cache-Control', 'no-store')
  @Endpoint(METRICS)
  async read(@Res() response: Response): Promise<void> {
    const { text, contentType } = await this.prometheus.expose();
    if (response.headersSent || response.destroyed) return;
    response.setHeader('Content-Type', contentType);
    response.end(text);
  }
}
