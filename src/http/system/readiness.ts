import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { Lifecycle } from '../service-core';
import { StoreProbe } from './store-probe';

/** Whether the service can be sent requests: its database answers, no migration runs, and it is not stopping. */
@Injectable()
export class Readiness {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly store: StoreProbe,
    private readonly lifecycle: Lifecycle,
  ) {}

  readonly database: HealthIndicatorFunction = async () => {
    const indicator = this.indicators.check('database');
    return (await this.store.isThere()) ? indicator.up() : indicator.down('gives no answer');
  };

  readonly process: HealthIndicatorFunction = () => {
    const indicator = this.indicators.check('process');
    if (this.lifecycle.isDraining) return indicator.down('is stopping');
    return this.lifecycle.isMigrating ? indicator.down('migrates its database') : indicator.up();
  };
}
