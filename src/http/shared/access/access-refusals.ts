import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RefusedAccess } from '@task/application';
import type { Request } from 'express';
import { exchangeOf, originOf } from '../exchange/exchange';
import { routeOf } from '../exchange/route-of';
import type { Refusal, RefusalKind } from '../failures/refusal';
import { limitedName } from '../limits/limited-name';

/** The refusals that are about who asks, or from where. */
const OF_ACCESS: ReadonlySet<RefusalKind> = new Set([
  'unauthorized',
  'forbidden',
  'cross_site',
  'unknown_host',
  'address_refused',
  'https_required',
]);

/** Sees to it that requests which are not let in are written down. */
@Injectable()
export class AccessRefusals implements OnModuleDestroy {
  constructor(private readonly refused: RefusedAccess) {}

  /** Takes notice of a refusal; those that are not about access are left alone. */
  note(request: Request, { kind }: Refusal): void {
    if (!OF_ACCESS.has(kind)) return;
    const exchange = exchangeOf(request);
    const { address, caller } = exchange;
    this.refused.note({
      crowd: address === null ? '' : limitedName(address),
      actor: caller?.name ?? null,
      reason: kind,
      route: [request.method, routeOf(request)].filter((part) => part !== undefined).join(' '),
      origin: originOf(exchange),
    });
  }

  /** While the store is still open. */
  async onModuleDestroy(): Promise<void> {
    await this.refused.flush().catch(() => undefined);
  }
}
