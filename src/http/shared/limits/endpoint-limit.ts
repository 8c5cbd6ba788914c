import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { RateLimits } from '../../service-core';
import { exchangeOf } from '../exchange/exchange';
import { routeOf } from '../exchange/route-of';
import { chargeOf } from './charge';

const PARAMETER = /:[^/]+/g;

/** The endpoint that a request is for, as limits name it: `POST /api/v1/tasks/{}/cancel`. */
export function endpointOf(request: Request): string {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const path = (routeOf(request) ?? '').replace(PARAMETER, '{}').replace(/\/$/, '').toLowerCase();
  return `${method} ${path}`;
}

/** Requests in a minute to the endpoint; null where that is not limited, not for this caller, or never. */
export function endpointLimitOf(context: ExecutionContext, { endpoints }: RateLimits): number | null {
  if (endpoints === undefined || endpoints.size === 0) return null;
  const request = context.switchToHttp().getRequest<Request>();
  // Without an address it is the operator's own door; a holder's writes and probes are limited by nothing.
  if (exchangeOf(request).address === null || chargeOf(request.url) !== 'request') return null;
  return endpoints.get(endpointOf(request)) ?? null;
}
