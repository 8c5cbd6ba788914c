import { Body, Controller, Get, Param, Put, Query, Req } from '@nestjs/common';
import { LimitConcurrencyKey, ReadConcurrencyKeys } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { Refusal } from '../../shared/failures/refusal';
import { CursorQuery } from '../dto/cursor.query';
import { DEFAULT_LIMIT } from '../dto/page-fields';
import { success, type Success } from '../envelope';
import { cursorPage } from '../views/present-page';
import * as docs from './concurrency-key-docs';
import { LimitConcurrencyKeyBody } from './concurrency-key.body';
import type { ConcurrencyKeyList, ConcurrencyKeyView } from './concurrency-key.views';
import { concurrencyKeyView } from './present-concurrency-key';

/** Of a name that nothing has, no more is told back. */
const MOST_NAME = 128;

/** What tasks share, and how many of them may be worked on at once. */
@Controller('api/v1/concurrency-keys')
export class ConcurrencyKeysController {
  constructor(
    private readonly readKeys: ReadConcurrencyKeys,
    private readonly limitKey: LimitConcurrencyKey,
  ) {}

  @Get()
  @Needs('reader')
  @Endpoint(docs.LIST_CONCURRENCY_KEYS)
  async list(@Query() { limit = DEFAULT_LIMIT, cursor }: CursorQuery): Promise<Success<ConcurrencyKeyList>> {
    const { keys, nextCursor } = await this.readKeys.list({ limit, cursor });
    return success({ keys: keys.map(concurrencyKeyView), pagination: cursorPage(limit, nextCursor) });
  }

  @Get(':key')
  @Needs('reader')
  @Endpoint(docs.GET_CONCURRENCY_KEY)
  async get(@Param('key') name: string): Promise<Success<ConcurrencyKeyView>> {
    const key = await this.readKeys.find(name);
    if (key === null) throw new Refusal('concurrency_key_not_found', { key: name.slice(0, MOST_NAME) });
    return success(concurrencyKeyView(key));
  }

  @Put(':key')
  @Needs('admin')
  @Endpoint(docs.LIMIT_CONCURRENCY_KEY)
  async limit(
    @Param('key') key: string,
    @Body() { limit }: LimitConcurrencyKeyBody,
    @Req() request: Request,
  ): Promise<Success<ConcurrencyKeyView>> {
    return success(concurrencyKeyView(await this.limitKey.execute({ key, limit }, callOf(request))));
  }
}
