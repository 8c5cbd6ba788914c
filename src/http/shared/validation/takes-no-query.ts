import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Query } from '../exchange/query-text';
import { Refusal } from '../failures/refusal';
import { unknownField } from './read-fields';

/** Refuses a query to a route that takes none: a parameter that is not understood is not passed over. */
@Injectable()
export class TakesNoQuery implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    // The application's own parser has made it.
    const query = context.switchToHttp().getRequest<Request>().query as unknown as Query;
    const names = [...query.keys()];
    if (names.length > 0) throw Refusal.ofFields(names.map(unknownField));
    return true;
  }
}
