import { Body, Controller, Delete, Get, Header, Param, Post, Req } from '@nestjs/common';
import { CancelTask, Clock, CreateTaskToRun, Executor, GetTask } from '@task/application';
import type { Task } from '@task/domain';
import type { Request } from 'express';
import { Needs } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { callOf } from '../shared/exchange/exchange';
import type { AgentTask } from './agent-task.view';
import { CreateAgentTaskBody } from './create-agent-task.body';
import * as docs from './docs/endpoints';
import { agentTask } from './present-agent-task';
import { createInputOf } from './to-input';

const WHY = 'cancelled by its client';

/** Dialect C: tasks that the service itself runs. */
@Controller('tasks')
export class AgentTasksController {
  constructor(
    private readonly createTask: CreateTaskToRun,
    private readonly getTask: GetTask,
    private readonly cancelTask: CancelTask,
    private readonly executor: Executor,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Needs('producer')
  @Endpoint(docs.CREATE)
  async create(@Body() body: CreateAgentTaskBody, @Req() request: Request): Promise<AgentTask> {
    return this.told(await this.createTask.execute(createInputOf(body, this.executor), callOf(request)));
  }

  @Get(':task_id')
  @Needs('reader')
  @Header('Cache-Control', 'no-cache')
  @Endpoint(docs.GET)
  async get(@Param('task_id') taskId: string): Promise<AgentTask> {
    return this.told(await this.getTask.execute({ taskId }));
  }

  @Delete(':task_id')
  @Needs('producer')
  @Endpoint(docs.CANCEL)
  async cancel(@Param('task_id') taskId: string, @Req() request: Request): Promise<AgentTask> {
    return this.told(await this.cancelTask.execute({ taskId, force: true, reason: WHY }, callOf(request)));
  }

  private told(task: Task): AgentTask {
    return agentTask(task, this.clock.now());
  }
}
