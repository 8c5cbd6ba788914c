import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  CancelTask,
  Clock,
  CreateTask,
  GetTask,
  GetTaskHistory,
  ListTasks,
  ReadDependencies,
  RetryTask,
  TaskStore,
} from '@task/application';
import type { Request } from 'express';
import { Needs } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { callOf, noteTask } from '../shared/exchange/exchange';
import * as docs from './docs/endpoints';
import { CancelTaskBody } from './dto/cancel-task.body';
import { CreateTaskBody } from './dto/create-task.body';
import { ListTasksQuery } from './dto/list-tasks.query';
import { RetryTaskBody } from './dto/retry-task.body';
import { success, type Success } from './envelope';
import { createInputOf, listInputOf } from './to-input';
import type { TaskHistory } from './views/history.view';
import type { CancelledTask, CreatedTask, RetriedTask } from './views/outcome.views';
import { taskHistory } from './views/present-history';
import { cancelledTask, createdTask, retriedTask } from './views/present-outcome';
import { taskList, wholeTask } from './views/present-task';
import type { TaskList } from './views/task-list.view';
import type { TaskView } from './views/task.view';

/** What producers and readers do. */
@Controller('api/v1/tasks')
export class TasksController {
  constructor(
    private readonly createTask: CreateTask,
    private readonly getTask: GetTask,
    private readonly listTasks: ListTasks,
    private readonly getTaskHistory: GetTaskHistory,
    private readonly cancelTask: CancelTask,
    private readonly retryTask: RetryTask,
    private readonly readDependencies: ReadDependencies,
    private readonly tasks: TaskStore,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Needs('producer')
  @Endpoint(docs.CREATE)
  async create(@Body() body: CreateTaskBody, @Req() request: Request): Promise<Success<CreatedTask>> {
    const task = await this.createTask.execute(createInputOf(body), callOf(request));
    noteTask(request, task.id);
    return success(createdTask(task));
  }

  @Get()
  @Needs('reader')
  @Endpoint(docs.LIST)
  async list(@Query() query: ListTasksQuery): Promise<Success<TaskList>> {
    const input = listInputOf(query);
    return success(taskList(await this.listTasks.execute(input), input));
  }

  @Get(':task_id')
  @Needs('reader')
  @Endpoint(docs.GET)
  async get(@Param('task_id') taskId: string): Promise<Success<TaskView>> {
    const task = await this.getTask.execute({ taskId });
    const placeInLine = task.status === 'waiting' ? await this.tasks.placeInLine(task.id) : null;
    const dependencies = await this.readDependencies.dependenciesOf(task);
    return success(wholeTask(task, { placeInLine, dependencies }, this.clock.now()));
  }

  @Get(':task_id/history')
  @Needs('reader')
  @Endpoint(docs.GET_HISTORY)
  async history(@Param('task_id') taskId: string): Promise<Success<TaskHistory>> {
    return success(taskHistory(taskId, await this.getTaskHistory.execute({ taskId })));
  }

  @Post(':task_id/cancel')
  @HttpCode(200)
  @Needs('producer')
  @Endpoint(docs.CANCEL)
  async cancel(
    @Param('task_id') taskId: string,
    @Body() { reason, force }: CancelTaskBody,
    @Req() request: Request,
  ): Promise<Success<CancelledTask>> {
    return success(cancelledTask(await this.cancelTask.execute({ taskId, reason, force }, callOf(request))));
  }

  @Post(':task_id/retry')
  @HttpCode(200)
  @Needs('producer')
  @Endpoint(docs.RETRY)
  async retry(
    @Param('task_id') taskId: string,
    @Body() _body: RetryTaskBody,
    @Req() request: Request,
  ): Promise<Success<RetriedTask>> {
    return success(retriedTask(await this.retryTask.execute({ taskId }, callOf(request))));
  }
}
