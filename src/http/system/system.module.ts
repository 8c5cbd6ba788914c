import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CpuMeter } from './cpu-meter';
import { HealthController } from './health.controller';
import { HealthReporter } from './health-reporter';
import { Readiness } from './readiness';
import { StoreProbe } from '../shared/health/store-probe';

/** Health and probes. A failing probe is its own message: Terminus does not log it once more. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthReporter, Readiness, StoreProbe, CpuMeter],
})
export class SystemModule {}
