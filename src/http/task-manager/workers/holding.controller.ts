import { Body, Controller, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { CompleteTask, FailTask, ReleaseTask, RenewLease } from '@task/application';
import { JsonDocument } from '@task/domain';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { TaskTeller } from '../task-teller';
import type { TaskInfo } from '../views/task.views';
import { CompleteBody, FailBody, ReleaseBody } from './finish.bodies';
import { ProgressBody } from './progress.body';
import { proofOf } from './proof.body';
import * as docs from './worker-docs';

/** What a worker does with the task that it holds. */
@Controller('task-manager/api/v1/tasks/:task_id')
export class HoldingController {
  constructor(
    private readonly renewLease: RenewLease,
    private readonly completeTask: CompleteTask,
    private readonly failTask: FailTask,
    private readonly releaseTask: ReleaseTask,
    private readonly teller: TaskTeller,
  ) {}

  @Put('progress')
  @Needs('worker')
  @Endpoint(docs.PROGRESS)
  async progress(
    @Param('task_id') taskId: string,
    @Body() body: ProgressBody,
    @Req() request: Request,
  ): Promise<TaskInfo> {
    const { progress, message } = body;
    const input = { taskId, progress, message, proof: proofOf(body) };
    return this.teller.info(await this.renewLease.execute(input, callOf(request)));
  }

  @Post('complete')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.COMPLETE)
  async complete(
    @Param('task_id') taskId: string,
    @Body() body: CompleteBody,
    @Req() request: Request,
  ): Promise<TaskInfo> {
    const result = body.result === undefined ? undefined : JsonDocument.of(body.result);
    const input = { taskId, result, readsResult: false, proof: proofOf(body) };
    return this.teller.info(await this.completeTask.execute(input, callOf(request)));
  }

  @Post('fail')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.FAIL)
  async fail(
    @Param('task_id') taskId: string,
    @Body() body: FailBody,
    @Req() request: Request,
  ): Promise<TaskInfo> {
    const { error_message: errorMessage, retryable } = body;
    const input = { taskId, errorMessage, retryable, proof: proofOf(body) };
    return this.teller.info(await this.failTask.execute(input, callOf(request)));
  }

  @Post('release')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.RELEASE)
  async release(
    @Param('task_id') taskId: string,
    @Body() body: ReleaseBody,
    @Req() request: Request,
  ): Promise<TaskInfo> {
    const input = { taskId, reason: body.reason, proof: proofOf(body) };
    return this.teller.info(await this.releaseTask.execute(input, callOf(request)));
  }
}
