import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { BulkCancel, BulkRetry } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { success, type Success } from '../envelope';
import * as docs from './bulk-docs';
import { bulkInputOf } from './bulk-input';
import { BulkBody, BulkCancelBody } from './bulk.bodies';
import type { ChangedTasks } from './bulk.view';
import { changedTasks } from './present-bulk';

/** All tasks that match a filter. */
@Controller('api/v1/tasks')
export class BulkController {
  constructor(
    private readonly bulkCancel: BulkCancel,
    private readonly bulkRetry: BulkRetry,
  ) {}

  @Post('bulk-cancel')
  @HttpCode(200)
  @Needs('producer')
  @Endpoint(docs.BULK_CANCEL)
  async cancel(@Body() body: BulkCancelBody, @Req() request: Request): Promise<Success<ChangedTasks>> {
    const { reason, force } = body;
    const input = { ...bulkInputOf(body), reason, force };
    return success(changedTasks(await this.bulkCancel.execute(input, callOf(request)), input.dryRun));
  }

  @Post('bulk-retry')
  @HttpCode(200)
  @Needs('producer')
  @Endpoint(docs.BULK_RETRY)
  async retry(@Body() body: BulkBody, @Req() request: Request): Promise<Success<ChangedTasks>> {
    const input = bulkInputOf(body);
    return success(changedTasks(await this.bulkRetry.execute(input, callOf(request)), input.dryRun));
  }
}
