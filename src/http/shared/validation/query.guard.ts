import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import type { Request } from 'express';
import type { Query } from '../exchange/query-text';
import { Refusal } from '../failures/refusal';
import { MOST_VIOLATIONS } from './dto.pipe';
import { unknownField } from './read-fields';

const ANY_QUERY = 'http:any-query';
const OF_A_QUERY = `${RouteParamtypes.QUERY}:`;

/** Lets the routes of a controller be asked with any query: probes and scrapers bring some of their own. */
export function AnyQuery(): ClassDecorator {
  return SetMetadata(ANY_QUERY, true);
}

/**
 * Refuses a query to a route that takes none: a parameter that is not understood is not passed over. Those that take
 * one name its fields, and `DtoPipe` refuses the others.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.url.includes('?') || takesQuery(context)) return true;
    // The application's own parser has made it.
    const query = request.query as unknown as Query;
    const unknown = [...query.keys()].slice(0, MOST_VIOLATIONS).map(unknownField);
    if (unknown.length > 0) throw Refusal.ofQuery(unknown);
    return true;
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const controller = context.getClass();
  if (Reflect.getMetadata(ANY_QUERY, controller) === true) return true;
  const told = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, context.getHandler().name) as unknown;
  return Object.keys(told ?? {}).some((argument) => argument.startsWith(OF_A_QUERY));
}
