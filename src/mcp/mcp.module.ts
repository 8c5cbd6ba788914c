import { Module } from '@nestjs/common';
import {
  AuditLog,
  AwaitTask,
  CancelTask,
  ClaimNextTask,
  ClaimTasks,
  Clock,
  CommitFeed,
  CompleteTask,
  CreateTask,
  CreateTasks,
  ExplainClaims,
  FailTask,
  GetTask,
  GetTaskHistory,
  HandOnResults,
  HandOver,
  Ids,
  ListTasks,
  MemoryGuard,
  NoteWorkers,
  Policy,
  ReadDependencies,
  ReleaseTask,
  RenewLease,
  RetryTask,
  TaskStore,
  Timers,
  WaitingClaims,
} from '@task/application';
import { Lifecycle } from '../http/service-core';
import { WaitingTime } from '../http/shared/exchange/waiting-time';
import { useCase } from '../http/shared/use-case';
import { McpController } from './endpoint/mcp.controller';
import { McpEndpoint } from './endpoint/mcp-endpoint';
import { HostCheck } from './endpoint/host-check';
import { QueueSurface } from './endpoint/queue-surface';
import { Surfaces } from './endpoint/surfaces';
import { ToolErrors } from './failures/tool-errors';
import { TaskHandles } from './handles/task-handles';
import { Completions } from './prompts/completions';
import { QueueResources } from './resources/queue-resources';
import { Toolbox } from './tool/toolbox';
import type { Tool } from './tool/tool';
import { QueueStatusTool } from './tools/queue-status.tool';
import { TaskCancelTool } from './tools/task-cancel.tool';
import { TaskClaimTool } from './tools/task-claim.tool';
import { TaskCompleteTool } from './tools/task-complete.tool';
import { TaskCreateTool } from './tools/task-create.tool';
import { TaskFailTool } from './tools/task-fail.tool';
import { TaskGetTool } from './tools/task-get.tool';
import { TaskHeartbeatTool } from './tools/task-heartbeat.tool';
import { TaskListTool } from './tools/task-list.tool';
import { TaskReleaseTool } from './tools/task-release.tool';
import { TaskRetryTool } from './tools/task-retry.tool';
import { TaskRunTool } from './tools/task-run.tool';

const AWAIT_TASK = {
  provide: AwaitTask,
  inject: [TaskStore, Timers, CommitFeed, Lifecycle],
  useFactory: (tasks: TaskStore, timers: Timers, commits: CommitFeed, { draining }: Lifecycle) =>
    new AwaitTask(tasks, timers, commits, draining),
};

const USE_CASES = [
  AWAIT_TASK,
  useCase(CancelTask, [TaskStore, AuditLog]),
  useCase(ClaimTasks, [TaskStore, Ids, Policy, WaitingClaims, NoteWorkers]),
  useCase(ClaimNextTask, [ClaimTasks]),
  useCase(CompleteTask, [TaskStore, Policy]),
  useCase(CreateTasks, [TaskStore, Ids, Policy, MemoryGuard]),
  useCase(CreateTask, [CreateTasks]),
  useCase(ExplainClaims, [TaskStore, Clock]),
  useCase(FailTask, [TaskStore, Policy]),
  useCase(GetTask, [TaskStore]),
  useCase(GetTaskHistory, [TaskStore]),
  useCase(HandOnResults, [TaskStore]),
  useCase(HandOver, [TaskStore, HandOnResults]),
  useCase(ListTasks, [TaskStore, MemoryGuard]),
  useCase(ReadDependencies, [TaskStore]),
  useCase(ReleaseTask, [TaskStore, Policy]),
  useCase(RenewLease, [TaskStore, Policy]),
  useCase(RetryTask, [TaskStore]),
];

/** In the order in which they are listed. The first reads, and takes no argument that it needs: clients try it. */
const TOOLS = [
  useCase(QueueStatusTool, [ExplainClaims]),
  useCase(TaskClaimTool, [ClaimNextTask, ReleaseTask, WaitingTime, HandOver]),
  useCase(TaskHeartbeatTool, [RenewLease]),
  useCase(TaskCompleteTool, [CompleteTask]),
  useCase(TaskFailTool, [FailTask]),
  useCase(TaskReleaseTool, [ReleaseTask]),
  useCase(TaskCreateTool, [CreateTasks]),
  useCase(TaskGetTool, [GetTask, TaskStore, Clock, ReadDependencies, HandOnResults]),
  useCase(TaskListTool, [ListTasks, Clock]),
  useCase(TaskCancelTool, [CancelTask]),
  useCase(TaskRetryTool, [RetryTask]),
  useCase(TaskRunTool, [CreateTask, AwaitTask, WaitingTime]),
];

const TOOLBOX = {
  provide: Toolbox,
  inject: [ToolErrors, ...TOOLS.map(({ provide }) => provide)],
  useFactory: (errors: ToolErrors, ...tools: Tool[]) => new Toolbox(tools, errors),
};

const SURFACES = {
  provide: Surfaces,
  inject: [QueueSurface],
  useFactory: (queue: QueueSurface): Surfaces => {
    const surfaces = new Surfaces();
    surfaces.add(queue);
    return surfaces;
  },
};

/** MCP over the use cases. Other modules can add to its surfaces what they offer. */
@Module({
  controllers: [McpController],
  providers: [
    ...USE_CASES,
    ...TOOLS,
    TOOLBOX,
    SURFACES,
    useCase(QueueResources, [TaskStore, GetTaskHistory, ExplainClaims, Clock, ReadDependencies]),
    useCase(Completions, [TaskStore]),
    useCase(TaskHandles, [TaskStore, CancelTask]),
    QueueSurface,
    ToolErrors,
    HostCheck,
    McpEndpoint,
  ],
  exports: [Surfaces],
})
export class McpModule {}
