import { Module, type FactoryProvider } from '@nestjs/common';
import {
  CancelTask,
  ClaimNextTask,
  CompleteTask,
  CreateTask,
  FailTask,
  GetTask,
  GetTaskHistory,
  Ids,
  ListTasks,
  Policy,
  RetryTask,
  TaskStore,
} from '@task/application';
import { TasksController } from './tasks.controller';
import { WorkController } from './work.controller';

const USE_CASES: FactoryProvider[] = [
  {
    provide: CreateTask,
    inject: [TaskStore, Ids, Policy],
    useFactory: (tasks: TaskStore, ids: Ids, policy: Policy) => new CreateTask(tasks, ids, policy),
  },
  {
    provide: ClaimNextTask,
    inject: [TaskStore, Ids, Policy],
    useFactory: (tasks: TaskStore, ids: Ids, policy: Policy) => new ClaimNextTask(tasks, ids, policy),
  },
  {
    provide: CompleteTask,
    inject: [TaskStore, Policy],
    useFactory: (tasks: TaskStore, policy: Policy) => new CompleteTask(tasks, policy),
  },
  {
    provide: FailTask,
    inject: [TaskStore, Policy],
    useFactory: (tasks: TaskStore, policy: Policy) => new FailTask(tasks, policy),
  },
  { provide: CancelTask, inject: [TaskStore], useFactory: (tasks: TaskStore) => new CancelTask(tasks) },
  { provide: RetryTask, inject: [TaskStore], useFactory: (tasks: TaskStore) => new RetryTask(tasks) },
  { provide: GetTask, inject: [TaskStore], useFactory: (tasks: TaskStore) => new GetTask(tasks) },
  {
    provide: GetTaskHistory,
    inject: [TaskStore],
    useFactory: (tasks: TaskStore) => new GetTaskHistory(tasks),
  },
  { provide: ListTasks, inject: [TaskStore], useFactory: (tasks: TaskStore) => new ListTasks(tasks) },
];

/** Dialect A over the use cases. */
@Module({ controllers: [WorkController, TasksController], providers: USE_CASES })
export class OrchestratorModule {}
