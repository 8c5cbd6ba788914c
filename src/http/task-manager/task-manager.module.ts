import { Module } from '@nestjs/common';
import {
  AuditLog,
  CancelTask,
  ClaimNextTask,
  ClaimTasks,
  Clock,
  CompleteTask,
  CountTasks,
  CreateTask,
  CreateTasks,
  FailTask,
  ForeseeTask,
  GetTask,
  HandOnResults,
  HandOver,
  HeartbeatWorker,
  Ids,
  ListTasks,
  MemoryGuard,
  NoteWorkers,
  Policy,
  ReadDependencies,
  ReadPace,
  ReadSystemFigures,
  ReadTaskFigures,
  ReleaseTask,
  RenewLease,
  RetryTask,
  Statistics,
  TaskStore,
  Timers,
  WaitingClaims,
  WorkerDirectory,
} from '@task/application';
import { useCase } from '../shared/use-case';
import { SystemModule } from '../system/system.module';
import { FiguresController } from './figures/figures.controller';
import { TaskManagerHealthController } from './figures/health.controller';
import { TaskManagerMetricsController } from './figures/metrics.controller';
import { TaskTeller } from './task-teller';
import { TaskManagerTasksController } from './tasks.controller';
import { HoldingController } from './workers/holding.controller';
import { TaskManagerWorkersController } from './workers/workers.controller';

const USE_CASES = [
  useCase(CreateTasks, [TaskStore, Ids, Policy, MemoryGuard]),
  useCase(CreateTask, [CreateTasks]),
  useCase(CountTasks, [TaskStore]),
  useCase(GetTask, [TaskStore]),
  useCase(ListTasks, [TaskStore, MemoryGuard]),
  useCase(HandOnResults, [TaskStore]),
  useCase(HandOver, [TaskStore, HandOnResults]),
  useCase(ReadDependencies, [TaskStore]),
  useCase(CancelTask, [TaskStore, AuditLog]),
  useCase(RetryTask, [TaskStore]),
  useCase(ClaimTasks, [TaskStore, Ids, Policy, WaitingClaims, NoteWorkers]),
  useCase(ClaimNextTask, [ClaimTasks]),
  useCase(HeartbeatWorker, [WorkerDirectory, TaskStore, Policy]),
  useCase(RenewLease, [TaskStore, Policy]),
  useCase(CompleteTask, [TaskStore, Policy]),
  useCase(FailTask, [TaskStore, Policy]),
  useCase(ReleaseTask, [TaskStore, Policy]),
  useCase(ReadPace, [Statistics, WorkerDirectory, Clock, Timers]),
  useCase(ForeseeTask, [TaskStore, ReadPace, Clock]),
  useCase(ReadTaskFigures, [Statistics, MemoryGuard]),
  useCase(ReadSystemFigures, [Statistics, WorkerDirectory, ReadTaskFigures, Clock]),
];

/** Dialect B, the knowledge-base task manager, over the use cases. */
@Module({
  imports: [SystemModule],
  controllers: [
    TaskManagerTasksController,
    HoldingController,
    TaskManagerWorkersController,
    FiguresController,
    TaskManagerHealthController,
    TaskManagerMetricsController,
  ],
  providers: [...USE_CASES, TaskTeller],
})
export class TaskManagerModule {}
