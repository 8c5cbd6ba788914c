import { Inject, Injectable } from '@nestjs/common';
import { HTTP_SETTINGS, type HttpSettings } from '../service-core';
import { OpenConnections } from '../shared/exchange/open-connections';
import { CpuMeter } from './cpu-meter';
import type { HealthReport } from './health.view';
import { StoreProbe } from '../shared/health/store-probe';
import { uptimeText } from './uptime';

const MEBI = 1024 * 1024;

/** Tells how the service is. Source: behaviour.md 6. */
@Injectable()
export class HealthReporter {
  constructor(
    private readonly store: StoreProbe,
    private readonly cpu: CpuMeter,
    private readonly connections: OpenConnections,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  async report(): Promise<HealthReport> {
    const { responseTimeMs, counts } = await this.store.ask();
    const timestamp = new Date().toISOString();
    const healthy = counts !== null;
    const status = healthy ? 'healthy' : 'unhealthy';
    return {
      status,
      timestamp,
      version: this.settings.version,
      uptime: uptimeText(process.uptime()),
      database: healthy ? 'connected' : 'disconnected',
      active_tasks: counts === null ? null : counts.waiting + counts.working,
      components: { database: { status, healthy, response_time: responseTimeMs, last_checked: timestamp } },
      metrics: {
        memory_usage: `${Math.round(process.memoryUsage.rss() / MEBI)}MB`,
        cpu_usage: this.cpu.percent(),
        active_connections: this.connections.count,
        queue_size: counts?.waiting ?? null,
      },
    };
  }
}
