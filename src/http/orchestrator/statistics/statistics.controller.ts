import { Controller, Get, Query } from '@nestjs/common';
import { ReadStatistics } from '@task/application';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { success, type Success } from '../envelope';
import { statisticsView } from './present-statistics';
import { GET_STATISTICS } from './statistics-docs';
import { StatisticsQuery } from './statistics.query';
import type { StatisticsView } from './statistics.views';

/** How the queue is doing. */
@Controller('api/v1/statistics')
export class StatisticsController {
  constructor(private readonly readStatistics: ReadStatistics) {}

  @Get()
  @Needs('reader')
  @Endpoint(GET_STATISTICS)
  async get(@Query() { period, granularity }: StatisticsQuery): Promise<Success<StatisticsView>> {
    return success(statisticsView(await this.readStatistics.execute({ period, granularity })));
  }
}
