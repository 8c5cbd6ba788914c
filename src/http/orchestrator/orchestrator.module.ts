import { Module } from '@nestjs/common';
import {
  AuditLog,
  BulkCancel,
  BulkRetry,
  CancelTask,
  ChangeConfiguration,
  ChangeSchedule,
  ClaimNextTask,
  ClaimTasks,
  Clock,
  CompleteTask,
  ConcurrencyKeys,
  Configuration,
  CreateKey,
  CreateSchedule,
  CreateTask,
  CreateTasks,
  DeleteSchedule,
  FailTask,
  FinishTasks,
  GetTask,
  GetTaskHistory,
  HandOnResults,
  HandOver,
  Ids,
  KeyStore,
  LimitConcurrencyKey,
  ListKeys,
  ListTasks,
  MemoryGuard,
  NoteWorkers,
  Policy,
  ReadAudit,
  ReadConcurrencyKeys,
  ReadConfiguration,
  ReadDependencies,
  ReadSchedules,
  ReadStatistics,
  ReadWorkers,
  RefusedAccess,
  ReleaseTask,
  RenewLease,
  RetryTask,
  RevokeKey,
  RunSchedule,
  ScheduledRuns,
  ScheduleStore,
  SettingsStore,
  Statistics,
  TaskStore,
  WaitingClaims,
  WorkerDirectory,
} from '@task/application';
import { Recurrence } from '@task/domain';
import { useCase } from '../shared/use-case';
import { AuditController } from './audit/audit.controller';
import { BatchesController } from './batches/batches.controller';
import { BulkController } from './bulk/bulk.controller';
import { ConcurrencyKeysController } from './concurrency-keys/concurrency-keys.controller';
import { ConfigurationController } from './config/configuration.controller';
import { DependenciesController } from './dependencies/dependencies.controller';
import { EventsController } from './events/events.controller';
import { KeysController } from './keys/keys.controller';
import { LeasesController } from './leases/leases.controller';
import { SchedulesController } from './schedules/schedules.controller';
import { StatisticsController } from './statistics/statistics.controller';
import { TasksController } from './tasks.controller';
import { WorkController } from './work.controller';
import { WorkersController } from './workers/workers.controller';

const USE_CASES = [
  useCase(CreateTasks, [TaskStore, Ids, Policy, MemoryGuard]),
  useCase(CreateTask, [CreateTasks]),
  useCase(ClaimTasks, [TaskStore, Ids, Policy, WaitingClaims, NoteWorkers]),
  useCase(ClaimNextTask, [ClaimTasks]),
  useCase(CompleteTask, [TaskStore, Policy]),
  useCase(FailTask, [TaskStore, Policy]),
  useCase(FinishTasks, [CompleteTask, FailTask]),
  useCase(RenewLease, [TaskStore, Policy]),
  useCase(ReleaseTask, [TaskStore, Policy]),
  useCase(CancelTask, [TaskStore, AuditLog]),
  useCase(RetryTask, [TaskStore]),
  useCase(BulkCancel, [TaskStore, CancelTask, AuditLog]),
  useCase(BulkRetry, [TaskStore, RetryTask, AuditLog]),
  useCase(GetTask, [TaskStore]),
  useCase(GetTaskHistory, [TaskStore]),
  useCase(ListTasks, [TaskStore, MemoryGuard]),
  useCase(HandOnResults, [TaskStore]),
  useCase(HandOver, [TaskStore, HandOnResults]),
  useCase(ReadDependencies, [TaskStore]),
  useCase(ReadConcurrencyKeys, [ConcurrencyKeys]),
  useCase(LimitConcurrencyKey, [ConcurrencyKeys, AuditLog]),
  useCase(ReadWorkers, [WorkerDirectory]),
  useCase(ReadStatistics, [Statistics, Clock, MemoryGuard]),
  useCase(ScheduledRuns, [CreateTasks, Recurrence]),
  useCase(CreateSchedule, [ScheduleStore, Ids, Recurrence, CreateTasks, AuditLog]),
  useCase(ChangeSchedule, [ScheduleStore, Recurrence, CreateTasks, AuditLog]),
  useCase(DeleteSchedule, [ScheduleStore, AuditLog]),
  useCase(ReadSchedules, [ScheduleStore]),
  useCase(RunSchedule, [ScheduleStore, ScheduledRuns]),
  useCase(CreateKey, [KeyStore, Ids, AuditLog]),
  useCase(ListKeys, [KeyStore]),
  useCase(RevokeKey, [KeyStore, AuditLog]),
  useCase(ReadAudit, [AuditLog, RefusedAccess]),
  useCase(ReadConfiguration, [Configuration]),
  useCase(ChangeConfiguration, [Configuration, SettingsStore, Clock, AuditLog]),
];

/**
 * Dialect A over the use cases. Controllers with literal paths (`tasks/batch`) come before those with a task's id in
 * their place.
 */
@Module({
  controllers: [
    BatchesController,
    BulkController,
    WorkController,
    LeasesController,
    TasksController,
    DependenciesController,
    ConcurrencyKeysController,
    WorkersController,
    SchedulesController,
    EventsController,
    StatisticsController,
    ConfigurationController,
    KeysController,
    AuditController,
  ],
  providers: USE_CASES,
})
export class OrchestratorModule {}
