import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { isIP } from 'node:net';
import { HTTP_SETTINGS, type HttpSettings } from '../../http/service-core';
import { isCrossSite } from '../../http/shared/access/cross-site';
import { Refusal } from '../../http/shared/failures/refusal';
import { CrossOrigin } from '../../http/shared/network/cross-origin';

/**
 * Lets nobody in whom a page in a browser has sent. Such a page can point a name of its own to this machine, and then
 * both `Host` and `Origin` have that name: so the name has to be one of ours. An address cannot be pointed anywhere.
 */
@Injectable()
export class HostCheck implements CanActivate {
  constructor(
    private readonly pages: CrossOrigin,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const host = request.headers.host ?? '';
    if (!this.isOurs(host))
      throw new Refusal('cross_site', { reason: 'foreign_host', host: host.slice(0, 255) });
    if (isCrossSite(request) && !this.pages.allows(request))
      throw new Refusal('cross_site', { reason: 'cross_site' });
    return true;
  }

  private isOurs(host: string): boolean {
    const name = nameOf(host);
    if (name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0) return true;
    return this.settings.mcpHosts.some((known) => known.toLowerCase() === name);
  }
}

/** The name without port and brackets. */
function nameOf(host: string): string {
  const [, address, name = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? [];
  return address ?? name;
}
