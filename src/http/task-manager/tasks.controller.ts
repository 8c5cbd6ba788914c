import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CancelTask, CreateTask, CreateTasks, GetTask, ListTasks, RetryTask } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { callOf } from '../shared/exchange/exchange';
import { listBody } from '../shared/validation/list-body';
import * as docs from './docs/task-docs';
import { ListTasksQuery } from './dto/list-tasks.query';
import { NewTaskBody, NewTaskOfMany } from './dto/new-task.body';
import { RetryTaskBody } from './dto/retry-task.body';
import { createInputOf, listInputOf, TERMS } from './to-input';
import { TaskTeller } from './task-teller';
import { taskList, taskRow } from './views/present-task';
import type { CanceledTask, CreatedTasks, TaskInfo, TaskList } from './views/task.views';

/** What producers and readers do. */
@Controller('task-manager/api/v1/tasks')
export class TaskManagerTasksController {
  constructor(
    private readonly createTask: CreateTask,
    private readonly createTasks: CreateTasks,
    private readonly getTask: GetTask,
    private readonly listTasks: ListTasks,
    private readonly cancelTask: CancelTask,
    private readonly retryTask: RetryTask,
    private readonly teller: TaskTeller,
  ) {}

  @Post()
  @Needs('producer')
  @Endpoint(docs.CREATE)
  async create(@Body() body: NewTaskBody, @Req() request: Request): Promise<TaskInfo> {
    return this.teller.info(await this.createTask.execute(createInputOf(body), callOf(request), TERMS));
  }

  @Post('batch')
  @Needs('producer')
  @Endpoint(docs.CREATE_MANY)
  async createMany(
    @Body(listBody(NewTaskOfMany, docs.MOST_IN_BATCH)) bodies: readonly NewTaskOfMany[],
    @Req() request: Request,
  ): Promise<CreatedTasks> {
    const created = await this.createTasks.execute(bodies.map(createInputOf), callOf(request), TERMS);
    return { tasks: created.map(taskRow), count: created.length };
  }

  @Get()
  @Needs('reader')
  @Endpoint(docs.LIST)
  async list(@Query() query: ListTasksQuery): Promise<TaskList> {
    const input = listInputOf(query);
    return taskList(await this.listTasks.execute(input), input);
  }

  @Get(':task_id')
  @Needs('reader')
  @Endpoint(docs.GET)
  async get(@Param('task_id') taskId: string): Promise<TaskInfo> {
    return this.teller.info(await this.getTask.execute({ taskId }));
  }

  @Delete(':task_id')
  @Needs('producer')
  @Endpoint(docs.CANCEL)
  async cancel(@Param('task_id') taskId: string, @Req() request: Request): Promise<CanceledTask> {
    const { id } = await this.cancelTask.execute({ taskId, unfinished: true }, callOf(request));
    return { message: 'Task canceled successfully', task_id: id };
  }

  @Post(':task_id/retry')
  @HttpCode(200)
  @Needs('producer')
  @Endpoint(docs.RETRY)
  async retry(
    @Param('task_id') taskId: string,
    @Body() _body: RetryTaskBody,
    @Req() request: Request,
  ): Promise<TaskInfo> {
    return this.teller.info(await this.retryTask.execute({ taskId }, callOf(request)));
  }
}
