import { Global, Module, type DynamicModule, type ValueProvider } from '@nestjs/common';
import {
  AuditLog,
  Clock,
  CommitFeed,
  ConcurrencyKeys,
  Configuration,
  EventLog,
  Executor,
  Ids,
  KeyStore,
  MemoryGuard,
  NoteWorkers,
  Policy,
  Pulses,
  ScheduleStore,
  SettingsStore,
  SharedLevels,
  Statistics,
  TaskStore,
  Timers,
  WaitingClaims,
  WorkerDirectory,
} from '@task/application';
import { Recurrence } from '@task/domain';
import {
  HTTP_SETTINGS,
  IS_CONFIGURED_KEY,
  Lifecycle,
  SERVICE_METRICS,
  type HttpSettings,
  type ServiceCore,
} from './service-core';

/** Offers the ports of one service to every module of it. */
@Global()
@Module({})
export class CoreModule {
  static of(core: ServiceCore, settings: HttpSettings): DynamicModule {
    const providers: ValueProvider[] = [
      { provide: TaskStore, useValue: core.tasks },
      { provide: KeyStore, useValue: core.keys },
      { provide: AuditLog, useValue: core.audit },
      { provide: EventLog, useValue: core.events },
      { provide: WorkerDirectory, useValue: core.workers },
      { provide: Statistics, useValue: core.statistics },
      { provide: CommitFeed, useValue: core.commits },
      { provide: ConcurrencyKeys, useValue: core.concurrencyKeys },
      { provide: ScheduleStore, useValue: core.schedules },
      { provide: Recurrence, useValue: core.recurrence },
      { provide: WaitingClaims, useValue: core.waiting },
      { provide: NoteWorkers, useValue: new NoteWorkers(core.workers, core.timers, core.policy) },
      { provide: Executor, useValue: core.executor },
      { provide: Ids, useValue: core.ids },
      { provide: Policy, useValue: core.policy },
      { provide: Configuration, useValue: core.configuration },
      { provide: SettingsStore, useValue: core.settingsStore },
      { provide: SharedLevels, useValue: core.sharedLevels ?? null },
      { provide: Clock, useValue: core.clock },
      { provide: Timers, useValue: core.timers },
      { provide: MemoryGuard, useValue: core.memory },
      { provide: Pulses, useValue: core.pulses },
      { provide: SERVICE_METRICS, useValue: core.metrics },
      { provide: Lifecycle, useValue: core.lifecycle },
      { provide: IS_CONFIGURED_KEY, useValue: core.isConfiguredKey },
      { provide: HTTP_SETTINGS, useValue: settings },
    ];
    return { module: CoreModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
