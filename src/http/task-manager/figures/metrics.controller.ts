import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { AnyQuery } from '../../shared/validation/query.guard';
import { answerScrape } from '../../system/answer-scrape';
import { Prometheus } from '../../system/prometheus';
import { METRICS } from './figure-docs';

/** What is measured, for Prometheus: the same as beside everything else. */
@AnyQuery()
@Controller('task-manager/metrics')
export class TaskManagerMetricsController {
  constructor(private readonly prometheus: Prometheus) {}

  @Get()
  @Needs('reader')
  @Endpoint(METRICS)
  read(@Res() response: Response): Promise<void> {
    return answerScrape(this.prometheus, response);
  }
}
