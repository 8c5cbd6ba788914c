import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ClaimNextTask, CompleteTask, FailTask, HandOver } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../shared/access/needs';
import { Endpoint } from '../shared/docs/endpoint';
import { callOf, noteTask } from '../shared/exchange/exchange';
import { WaitingTime } from '../shared/exchange/waiting-time';
import * as docs from './docs/endpoints';
import { ClaimTaskQuery } from './dto/claim-task.query';
import { CompleteTaskBody } from './dto/complete-task.body';
import { FailTaskBody } from './dto/fail-task.body';
import { proofOf } from './dto/proof.body';
import { success, type Success } from './envelope';
import { claimTermsOf, documentOf } from './to-input';
import type { ClaimedTask, CompletedTask, FailedTask } from './views/outcome.views';
import { claimedTask, completedTask, failedTask } from './views/present-outcome';

/** What workers do. */
@Controller('api/v1/tasks')
export class WorkController {
  constructor(
    private readonly claimNextTask: ClaimNextTask,
    private readonly completeTask: CompleteTask,
    private readonly failTask: FailTask,
    private readonly handOver: HandOver,
    private readonly waitingTime: WaitingTime,
  ) {}

  @Get('next')
  @Needs('worker')
  @Header('Cache-Control', 'no-store')
  @Endpoint(docs.CLAIM)
  async next(@Query() query: ClaimTaskQuery, @Req() request: Request): Promise<Success<ClaimedTask | null>> {
    const terms = claimTermsOf(query, this.waitingTime.secondsOf(query.wait));
    const call = callOf(request);
    const next = await this.claimNextTask.execute({ ...terms, workPath: query.work_path }, call);
    if (next === null) return success(null);
    noteTask(request, next.id, next.state.lease?.workerId ?? null);
    const { tasks, handedOn } = await this.handOver.execute([next], call);
    const [task] = tasks;
    return success(task === undefined ? null : claimedTask(task, handedOn));
  }

  @Post(':task_id/complete')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.COMPLETE)
  async complete(
    @Param('task_id') taskId: string,
    @Body() body: CompleteTaskBody,
    @Req() request: Request,
  ): Promise<Success<CompletedTask>> {
    const { original_prompt: originalPrompt, status } = body;
    const input = { taskId, originalPrompt, status, result: documentOf(body.result), proof: proofOf(body) };
    return success(completedTask(await this.completeTask.execute(input, callOf(request))));
  }

  @Post(':task_id/fail')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.FAIL)
  async fail(
    @Param('task_id') taskId: string,
    @Body() body: FailTaskBody,
    @Req() request: Request,
  ): Promise<Success<FailedTask>> {
    const { error_message: errorMessage, retryable } = body;
    const input = { taskId, errorMessage, retryable, result: documentOf(body.result), proof: proofOf(body) };
    return success(failedTask(await this.failTask.execute(input, callOf(request))));
  }
}
