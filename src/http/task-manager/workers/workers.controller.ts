import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ClaimNextTask, HandOver, HeartbeatWorker } from '@task/application';
import { faultsAt, TASK_RULES } from '@task/domain';
import type { Request, Response } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf, exchangeOf } from '../../shared/exchange/exchange';
import { WaitingTime } from '../../shared/exchange/waiting-time';
import { Refusal } from '../../shared/failures/refusal';
import { claimedTask } from '../views/present-task';
import type { ClaimedTask } from '../views/task.views';
import { ClaimBody } from './claim.body';
import { HeartbeatBody } from './heartbeat.body';
import { workerHeartbeat } from './present-heartbeat';
import * as docs from './worker-docs';
import type { WorkerHeartbeat } from './worker.views';

/** What a worker does under its name. */
@Controller('task-manager/api/v1/workers/:worker_id')
export class TaskManagerWorkersController {
  constructor(
    private readonly claimNextTask: ClaimNextTask,
    private readonly heartbeatWorker: HeartbeatWorker,
    private readonly waitingTime: WaitingTime,
    private readonly handOver: HandOver,
  ) {}

  @Post('claim')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.CLAIM)
  async claim(
    @Param('worker_id') name: string,
    @Body() body: ClaimBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ClaimedTask | null> {
    const { task_types: taskTypes, kb_id: kbId, lease_seconds: leaseSeconds } = body;
    const waitSeconds = this.waitingTime.secondsOf(body.wait);
    const input = { workerId: workerIdIn(name), taskTypes, kbId, leaseSeconds, waitSeconds };
    const call = callOf(request);
    const next = await this.claimNextTask.execute(input, call);
    const { tasks, handedOn } = await this.handOver.execute(next === null ? [] : [next], call);
    const [task] = tasks;
    if (task !== undefined) return claimedTask(task, handedOn);
    response.status(204);
    return null;
  }

  @Post('heartbeat')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.HEARTBEAT)
  async heartbeat(
    @Param('worker_id') name: string,
    @Body() { lease_tokens: leaseTokens }: HeartbeatBody,
    @Req() request: Request,
  ): Promise<WorkerHeartbeat> {
    const workerId = workerIdIn(name);
    const held = await this.heartbeatWorker.execute({ workerId, leaseTokens }, callOf(request));
    // Only a holder's heartbeats are free: names could be made up without end.
    if (held.length === 0) exchangeOf(request).refusals = 1;
    return workerHeartbeat(workerId, held);
  }
}

/** The name in a path. @throws Refusal when no worker can be called that */
function workerIdIn(name: string): string {
  const violations = faultsAt('worker_id', TASK_RULES.workerId.check(name));
  if (violations.length > 0) throw Refusal.ofFields(violations);
  return name;
}
