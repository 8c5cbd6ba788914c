import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { exchangeOf } from '../exchange/exchange';
import { Refusal } from '../failures/refusal';
import { endpointLimitOf, endpointOf } from './endpoint-limit';
import { limitedName } from './limited-name';
import { showAllowance } from './rate-limit-headers';

/** Limits single endpoints, by caller. A guard can: by then it is known who asks, and for what. */
@Injectable()
export class EndpointThrottlerGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {
    super(options, storage, reflector);
  }

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(endpointLimitOf(context, this.settings.rateLimit) === null);
  }

  protected override getTracker(request: Request): Promise<string> {
    const { caller, address } = exchangeOf(request);
    const isKey = this.settings.enableAuth && caller !== null;
    return Promise.resolve(isKey ? `key ${caller.name}` : `address ${limitedName(address ?? '')}`);
  }

  protected override generateKey(context: ExecutionContext, tracker: string): string {
    return `${endpointOf(context.switchToHttp().getRequest<Request>())} ${tracker}`;
  }

  /** In the words of the dialect, where the package has an exception of its own. */
  protected override throwThrottlingException(
    context: ExecutionContext,
    { limit, timeToExpire, timeToBlockExpire: seconds }: ThrottlerLimitDetail,
  ): Promise<void> {
    const http = context.switchToHttp();
    showAllowance(http.getResponse<Response>(), { limit, remaining: 0, fullInMs: timeToExpire * 1000 });
    const details = { retry_after_seconds: seconds, endpoint: endpointOf(http.getRequest<Request>()) };
    throw new Refusal('rate_limited', details, { 'Retry-After': String(seconds) });
  }
}
