import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService } from '@nestjs/terminus';
import type { Response } from 'express';
import { Open } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { AnyQuery } from '../shared/validation/query.guard';
import * as docs from './health-docs';
import { HealthReporter } from './health-reporter';
import type { HealthReport } from './health.view';
import { Readiness } from './readiness';

/** How the service is, for people, load balancers and Kubernetes. */
@AnyQuery()
@Controller('health')
export class HealthController {
  constructor(
    private readonly reporter: HealthReporter,
    private readonly checks: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  @Get()
  @Open()
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.HEALTH)
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthReport> {
    const report = await this.reporter.report();
    response.status(report.status === 'unhealthy' ? 503 : 200);
    return report;
  }

  @Get('live')
  @Open()
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.LIVE)
  live(): Promise<unknown> {
    return this.checks.check([]);
  }

  @Get('ready')
  @Open()
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.READINESS)
  async ready(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    try {
      return await this.checks.check([this.readiness.process, this.readiness.database]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(503);
      return error.getResponse();
    }
  }
}
