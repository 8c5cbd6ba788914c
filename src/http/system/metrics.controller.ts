import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { MetricFamily } from '@task/application';
import type { Response } from 'express';
import { HTTP_SETTINGS, SERVICE_METRICS, type HttpSettings } from '../service-core';
import { Needs } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { OpenConnections } from '../shared/exchange/open-connections';
import { HttpMeter } from '../shared/metrics/http-meter';
import { EventStreams } from '../shared/streams/event-streams';
import { AnyQuery } from '../shared/validation/query.guard';
import { answerScrape } from './answer-scrape';
import { httpMetrics } from './http-metrics';
import { METRICS } from './metrics-docs';
import { Prometheus } from './prometheus';

/** What is measured, for Prometheus. */
@AnyQuery()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly prometheus: Prometheus,
    meter: HttpMeter,
    connections: OpenConnections,
    streams: EventStreams,
    @Inject(SERVICE_METRICS) metrics: readonly MetricFamily[],
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    prometheus.add([...metrics, ...httpMetrics(meter, connections, streams), buildInfo(settings.version)]);
  }

  @Get()
  @Needs('reader')
  @Endpoint(METRICS)
  read(@Res() response: Response): Promise<void> {
    return answerScrape(this.prometheus, response);
  }
}

function buildInfo(version: string): MetricFamily {
  return {
    kind: 'gauge',
    name: 'task_orchestrator_build_info',
    help: 'Always 1; the label tells the version',
    labels: ['version'],
    read: () => [{ labels: { version }, value: 1 }],
  };
}
