import { Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Needs } from '../../http/shared/access/needs';
import { Documented } from '../../http/shared/docs/documented';
import { exchangeOf } from '../../http/shared/exchange/exchange';
import { Refusal } from '../../http/shared/failures/refusal';
import { chargeOfMessage } from '../../http/shared/limits/charge';
import { HostCheck } from './host-check';
import { McpEndpoint } from './mcp-endpoint';

/** Messages of one body, which clients of 2025-03 may still send together. */
const MOST_MESSAGES = 100;

/** The one path of MCP. Whatever it is that is asked for, it is told in the body. */
@Controller('mcp')
@UseGuards(HostCheck)
export class McpController {
  constructor(private readonly endpoint: McpEndpoint) {}

  @Post()
  @HttpCode(200)
  @Needs('reader')
  @Documented(({ ApiExcludeEndpoint }) => [ApiExcludeEndpoint()])
  async handle(@Req() request: Request, @Res() response: Response): Promise<void> {
    const body: unknown = request.body;
    await charge(request, Array.isArray(body) ? body : [body]);
    if (exchangeOf(request).aborted) return;
    await this.endpoint.serve(request, response, body);
  }
}

async function charge(request: Request, messages: readonly unknown[]): Promise<void> {
  if (messages.length > MOST_MESSAGES)
    throw Refusal.ofField('body', 'too_many', { max_items: MOST_MESSAGES });
  const exchange = exchangeOf(request);
  for (const message of messages) await exchange.charge(chargeOfMessage(message));
}
