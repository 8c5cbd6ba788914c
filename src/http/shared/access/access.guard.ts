import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { permits } from '@task/domain';
import type { Request } from 'express';
import { exchangeOf } from '../exchange/exchange';
import { notAllowed } from '../failures/failure';
import { Refusal } from '../failures/refusal';
import { RouteTable } from '../failures/route-table';
import { CrossOrigin } from '../network/cross-origin';
import { isCrossSite } from './cross-site';
import { changesState, needOf } from './needs';

/** Lets a request through to what its caller may do, and a foreign page through to nothing that changes state. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly routes: RouteTable,
    private readonly pages: CrossOrigin,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const need = needOf(context.getHandler());
    if (need === 'nobody') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const { caller } = exchangeOf(request);
    if (caller === null)
      throw new Refusal('unauthorized', { scheme: 'Bearer' }, { 'WWW-Authenticate': 'Bearer' });
    if (changesState(need)) this.requireIntent(request);
    if (!permits(caller, need)) throw new Refusal('forbidden', { required_role: need });
    return true;
  }

  /** A change is asked for by a caller, not by a page or by somebody who only looks. */
  private requireIntent(request: Request): void {
    if (request.method === 'HEAD') throw notAllowed(this.routes.methodsOf(request.path));
    if (isCrossSite(request) && !this.pages.allows(request))
      throw new Refusal('cross_site', { reason: 'cross_site' });
  }
}
