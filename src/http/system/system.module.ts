import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CpuMeter } from './cpu-meter';
import { MetricsController } from './metrics.controller';
import { Prometheus } from './prometheus';
import { HealthController } from './health.controller';
import { HealthReporter } from './health-reporter';
import { Readiness } from './readiness';
import { StoreProbe } from './store-probe';

/** Health, probes and metrics. A failing probe is its own message: Terminus does not log it once more. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, MetricsController],
  providers: [HealthReporter, Readiness, StoreProbe, CpuMeter, Prometheus],
  exports: [Prometheus, HealthReporter],
})
export class SystemModule {}
