import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { Clock, CreateKey, ListKeys, RevokeKey } from '@task/application';
import type { Request } from 'express';
import { Needs } from '../../shared/access/needs';
import { Endpoint } from '../../shared/docs/endpoint';
import { callOf } from '../../shared/exchange/exchange';
import { pageOf } from '../dto/page.query';
import { success, type Success } from '../envelope';
import { offsetPage } from '../views/present-page';
import { CreateKeyBody } from './create-key.body';
import * as docs from './key-docs';
import type { CreatedKeyView, KeyList, KeyView } from './key.views';
import { ListKeysQuery } from './list-keys.query';
import { createdKey, keyView } from './present-key';

/** Who may come in. */
@Controller('api/v1/keys')
export class KeysController {
  constructor(
    private readonly createKey: CreateKey,
    private readonly listKeys: ListKeys,
    private readonly revokeKey: RevokeKey,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Needs('admin')
  @Endpoint(docs.CREATE_KEY)
  async create(@Body() body: CreateKeyBody, @Req() request: Request): Promise<Success<CreatedKeyView>> {
    const { name, roles, expires_in_days: expiresInDays, requests_per_minute: requestsPerMinute } = body;
    const draft = { name, roles, expiresInDays, requestsPerMinute };
    return success(createdKey(await this.createKey.execute(draft, callOf(request))));
  }

  @Get()
  @Needs('admin')
  @Endpoint(docs.LIST_KEYS)
  async list(@Query() query: ListKeysQuery): Promise<Success<KeyList>> {
    const { include_revoked: withRevoked = false } = query;
    const page = pageOf(query);
    const { keys, total } = await this.listKeys.execute({ withRevoked, ...page });
    const pagination = offsetPage(page, keys.length, total);
    const now = this.clock.now();
    return success({ keys: keys.map((key) => keyView(key, now)), pagination });
  }

  @Delete(':key_id')
  @Needs('admin')
  @Endpoint(docs.REVOKE_KEY)
  async revoke(@Param('key_id') keyId: string, @Req() request: Request): Promise<Success<KeyView>> {
    return success(keyView(await this.revokeKey.execute(keyId, callOf(request)), this.clock.now()));
  }
}
