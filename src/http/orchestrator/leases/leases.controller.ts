import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ReleaseTask, RenewLease } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { ProofBody, proofOf } from '../dto/proof.body';
import { success, type Success } from '../envelope';
import * as docs from './lease-docs';
import type { LeaseView } from './lease.view';
import { leaseView } from './present-lease';
import { ProgressBody } from './progress.body';
import { ReleaseTaskBody } from './release-task.body';

/** What a worker does with the task that it holds, short of ending it. */
@Controller('api/v1/tasks/:task_id')
export class LeasesController {
  constructor(
    private readonly renewLease: RenewLease,
    private readonly releaseTask: ReleaseTask,
  ) {}

  @Post('heartbeat')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.HEARTBEAT)
  async heartbeat(
    @Param('task_id') taskId: string,
    @Body() body: ProofBody,
    @Req() request: Request,
  ): Promise<Success<LeaseView>> {
    const input = { taskId, proof: proofOf(body) };
    return success(leaseView(await this.renewLease.execute(input, callOf(request))));
  }

  @Post('progress')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.PROGRESS)
  async progress(
    @Param('task_id') taskId: string,
    @Body() body: ProgressBody,
    @Req() request: Request,
  ): Promise<Success<LeaseView>> {
    const { progress, message } = body;
    const input = { taskId, progress, message, proof: proofOf(body) };
    return success(leaseView(await this.renewLease.execute(input, callOf(request))));
  }

  @Post('release')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.RELEASE)
  async release(
    @Param('task_id') taskId: string,
    @Body() body: ReleaseTaskBody,
    @Req() request: Request,
  ): Promise<Success<LeaseView>> {
    const input = { taskId, reason: body.reason, proof: proofOf(body) };
    return success(leaseView(await this.releaseTask.execute(input, callOf(request))));
  }
}
