import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import {
  ClaimTasks,
  CreateTasks,
  FinishTasks,
  HandOver,
  StoreUnavailable,
  type Finish,
  type FinishOutcome,
} from '@task/application';
import { DomainError } from '@task/domain';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf, exchangeOf } from '../../shared/exchange/exchange';
import { WaitingTime } from '../../shared/exchange/waiting-time';
import { FailureWriter } from '../../shared/failures/failure-writer';
import { success, type Failed, type Success } from '../envelope';
import { claimTermsOf, createInputOf, documentOf } from '../to-input';
import { claimedTask, createdTask } from '../views/present-outcome';
import * as docs from './batch-docs';
import type { ClaimedTasks, CreatedTasks, FinishedTasks } from './batch.views';
import { ClaimTasksBody } from './claim-tasks.body';
import { CreateTasksBody } from './create-tasks.body';
import { FinishTasksBody, type CompletionBody } from './finish-tasks.body';
import { finishedTask } from './present-batch';

/** Many tasks in one request. */
@Controller('api/v1/tasks')
export class BatchesController {
  constructor(
    private readonly createTasks: CreateTasks,
    private readonly claimTasks: ClaimTasks,
    private readonly finishTasks: FinishTasks,
    private readonly handOver: HandOver,
    private readonly waitingTime: WaitingTime,
    private readonly failures: FailureWriter,
  ) {}

  @Post('batch')
  @Needs('producer')
  @Endpoint(docs.CREATE_MANY)
  async create(@Body() { tasks }: CreateTasksBody, @Req() request: Request): Promise<Success<CreatedTasks>> {
    const created = await this.createTasks.execute(tasks.map(createInputOf), callOf(request));
    return success({ tasks: created.map(createdTask), count: created.length });
  }

  @Post('claim')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.CLAIM_MANY)
  async claim(@Body() body: ClaimTasksBody, @Req() request: Request): Promise<Success<ClaimedTasks>> {
    const { work_path: workPath, task_types: taskTypes, kb_id: kbId, limit = 1 } = body;
    const terms = claimTermsOf(body, this.waitingTime.secondsOf(body.wait));
    const call = callOf(request);
    const claimed = await this.claimTasks.execute({ ...terms, workPath, taskTypes, kbId, limit }, call);
    const { tasks, handedOn } = await this.handOver.execute(claimed, call);
    return success({ tasks: tasks.map((task) => claimedTask(task, handedOn)) });
  }

  @Post('complete')
  @HttpCode(200)
  @Needs('worker')
  @Endpoint(docs.COMPLETE_MANY)
  async complete(
    @Body() { completions }: FinishTasksBody,
    @Req() request: Request,
  ): Promise<Success<FinishedTasks>> {
    const outcomes = await this.finishTasks.execute(completions.map(finishOf), callOf(request));
    throwIfStoreIsAway(outcomes);
    const refused = outcomes.filter((outcome) => 'error' in outcome && outcome.error instanceof DomainError);
    exchangeOf(request).refusals = refused.length;
    const errorOf = (error: unknown): Failed['error'] =>
      (this.failures.answerTo(request, error).body as Failed).error;
    return success({ results: outcomes.map((outcome) => finishedTask(outcome, errorOf)) });
  }
}

function finishOf(completion: CompletionBody): Finish {
  const { task_id: taskId, lease_token: leaseToken, result, error_message: errorMessage } = completion;
  return { taskId, leaseToken, errorMessage, result: documentOf(result) };
}

/** When nothing at all was answered, the whole request was not. */
function throwIfStoreIsAway(outcomes: readonly FinishOutcome[]): void {
  const faults = outcomes.flatMap((outcome) =>
    'error' in outcome && outcome.error instanceof StoreUnavailable ? [outcome.error] : [],
  );
  const [first] = faults;
  if (first !== undefined && faults.length === outcomes.length) throw first;
}
