import { Module } from '@nestjs/common';
import {
  AuditLog,
  CancelTask,
  CreateTask,
  CreateTasks,
  CreateTaskToRun,
  Executor,
  GetTask,
  Ids,
  MemoryGuard,
  Policy,
  TaskStore,
} from '@task/application';
import { useCase } from '../shared/use-case';
import { AgentTasksController } from './agent-tasks.controller';

const USE_CASES = [
  useCase(CreateTasks, [TaskStore, Ids, Policy, MemoryGuard]),
  useCase(CreateTask, [CreateTasks]),
  useCase(CreateTaskToRun, [TaskStore, CreateTask, Executor]),
  useCase(GetTask, [TaskStore]),
  useCase(CancelTask, [TaskStore, AuditLog]),
];

/** Dialect C over the use cases. */
@Module({ controllers: [AgentTasksController], providers: USE_CASES })
export class AgentTasksModule {}
