import { Inject, Injectable } from '@nestjs/common';
import { MemoryGuard, Pulses, type MemoryState, type PulseReading, type StoreFault } from '@task/application';
import { HTTP_SETTINGS, type HttpSettings } from '../service-core';
import { OpenConnections } from '../shared/exchange/open-connections';
import { CpuMeter } from './cpu-meter';
import type { ComponentHealth, Components, Condition, HealthReport } from './health.view';
import { StoreProbe, type StoreAnswer } from './store-probe';
import { uptimeText } from './uptime';

const MEBI = 1024 * 1024;
const TROUBLES: Readonly<Partial<Record<StoreFault, string>>> = {
  no_space: 'cannot write: the disk is full',
  file_gone: 'cannot write: the file of the database was removed or replaced',
};

/** Tells how the service is. Source: behaviour.md 6. */
@Injectable()
export class HealthReporter {
  constructor(
    private readonly store: StoreProbe,
    private readonly pulses: Pulses,
    private readonly memory: MemoryGuard,
    private readonly cpu: CpuMeter,
    private readonly connections: OpenConnections,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  async report(): Promise<HealthReport> {
    const answer = await this.store.ask();
    const { counts } = answer;
    const timestamp = new Date().toISOString();
    const readings = this.pulses.readings();
    const works = counts !== null && readings.every((reading) => wrongWith(reading) === null);
    const memory = this.memory.state;
    return {
      status: works ? conditionOf(memory) : 'unhealthy',
      timestamp,
      version: this.settings.version,
      uptime: uptimeText(process.uptime()),
      database: counts === null ? 'disconnected' : 'connected',
      active_tasks: counts === null ? null : counts.waiting + counts.working,
      components: componentsOf(answer, readings, memory, timestamp),
      metrics: {
        memory_usage: `${Math.round(process.memoryUsage.rss() / MEBI)}MB`,
        cpu_usage: this.cpu.percent(),
        active_connections: this.connections.count,
        queue_size: counts?.waiting ?? null,
      },
    };
  }
}

function componentsOf(
  { responseTimeMs, counts }: StoreAnswer,
  readings: readonly PulseReading[],
  memory: MemoryState,
  at: string,
): Components {
  const message = counts === null ? 'gives no answer' : null;
  return {
    database: component(responseTimeMs, message, at),
    ...Object.fromEntries(
      readings.map((reading) => [reading.part, component(reading.lastTurnMs, wrongWith(reading), at)]),
    ),
    ...memoryPart(memory, at),
  };
}

function conditionOf({ isShort }: MemoryState): Condition {
  return isShort ? 'degraded' : 'healthy';
}

/** Nothing where nothing bounds it. */
function memoryPart(state: MemoryState, at: string): Pick<Components, 'memory'> {
  if (state.readings.length === 0) return {};
  const { isShort, share } = state;
  const message = `${Math.round(share * 100)} % of it is in use: new tasks, lists and statistics are refused`;
  const part = { status: conditionOf(state), healthy: !isShort, last_checked: at };
  return { memory: isShort ? { ...part, message } : part };
}

function component(tookMs: number | null, message: string | null, at: string): ComponentHealth {
  return {
    status: message === null ? 'healthy' : 'unhealthy',
    healthy: message === null,
    ...(tookMs !== null && { response_time: Math.round(tookMs * 10) / 10 }),
    last_checked: at,
    ...(message !== null && { message }),
  };
}

function wrongWith({ hasStopped, behindMs, trouble }: PulseReading): string | null {
  if (trouble !== null) return TROUBLES[trouble] ?? 'its last write failed';
  return hasStopped ? `has not come on for ${Math.round(behindMs / 1000)} s` : null;
}
