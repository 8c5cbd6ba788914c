import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { Clock, ReadWorkers, type WorkerRecord } from '@task/application';
import { TASK_RULES } from '@task/domain';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { PageQuery, pageOf } from '../dto/page.query';
import { success, type Success } from '../envelope';
import { offsetPage } from '../views/present-page';
import { workerView } from './present-worker';
import * as docs from './worker-docs';
import type { WorkerList, WorkerView } from './worker.views';

/** Who works, and on what. */
@Controller('api/v1/workers')
export class WorkersController {
  constructor(
    private readonly readWorkers: ReadWorkers,
    private readonly clock: Clock,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  @Get()
  @Needs('reader')
  @Endpoint(docs.LIST_WORKERS)
  async list(@Query() query: PageQuery): Promise<Success<WorkerList>> {
    const page = pageOf(query);
    const { workers, total } = await this.readWorkers.list(page.limit, page.offset);
    const pagination = offsetPage(page, workers.length, total);
    return success({ workers: workers.map((worker) => this.shown(worker)), pagination });
  }

  @Get(':worker_id')
  @Needs('reader')
  @Endpoint(docs.GET_WORKER)
  async get(@Param('worker_id') workerId: string): Promise<Success<WorkerView>> {
    // What no worker can be called is not even looked for: a database may choke on it.
    const isName = TASK_RULES.workerId.check(workerId).length === 0;
    const worker = isName ? await this.readWorkers.find(workerId) : null;
    if (worker === null) throw new Refusal('worker_not_found', { worker_id: workerId });
    return success(this.shown(worker));
  }

  private shown(worker: WorkerRecord): WorkerView {
    return workerView(worker, this.clock.now() - this.settings.workerTtlMs);
  }
}
