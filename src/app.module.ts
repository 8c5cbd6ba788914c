import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AgentTasksFailures } from './http/agent-tasks/agent-tasks-failures';
import { AgentTasksModule } from './http/agent-tasks/agent-tasks.module';
import { CoreModule } from './http/core.module';
import { OrchestratorFailures } from './http/orchestrator/orchestrator-failures';
import { OrchestratorModule } from './http/orchestrator/orchestrator.module';
import type { HttpSettings, ServiceCore } from './http/service-core';
import type { RouteTable } from './http/shared/failures/route-table';
import type { Dialect } from './http/shared/failures/dialects';
import { TASK_MANAGER_PATH } from './http/shared/dialect-paths';
import { SharedModule } from './http/shared/shared.module';
import { SystemModule } from './http/system/system.module';
import { TaskManagerFailures } from './http/task-manager/task-manager-failures';
import { TaskManagerModule } from './http/task-manager/task-manager.module';
import { McpFailures } from './mcp/failures/mcp-failures';
import { McpModule } from './mcp/mcp.module';

/** Who words the failures of which paths. */
const DIALECTS: readonly Dialect[] = [
  { under: '', failures: OrchestratorFailures },
  { under: TASK_MANAGER_PATH, failures: TaskManagerFailures },
  { under: '/mcp', failures: McpFailures },
  { under: '/tasks', failures: AgentTasksFailures },
];

/** What the HTTP side of a service is made of. */
export interface AppParts {
  readonly core: ServiceCore;
  readonly settings: HttpSettings;
  readonly routes: RouteTable;
  readonly extraImports: readonly (Type | DynamicModule)[];
}

/** The HTTP side of one service. */
@Module({})
export class AppModule {
  static of({ core, settings, routes, extraImports }: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.of(core, settings),
        SharedModule.of(routes, DIALECTS),
        OrchestratorModule,
        TaskManagerModule,
        McpModule,
        AgentTasksModule,
        SystemModule,
        ...extraImports,
      ],
    };
  }
}
