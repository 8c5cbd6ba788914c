import { Inject, Injectable } from '@nestjs/common';
import { AuthenticateCaller } from '@task/application';
import type { Principal } from '@task/domain';
import type { IncomingMessage } from 'node:http';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';

const BEARER = /^Bearer +([^\s]+) *$/i;

/** Finds out who sends a request. */
@Injectable()
export class CallerFinder {
  private readonly operator: Principal = { name: 'operator', roles: ['admin'] };
  private readonly anonymous: Principal = { name: 'anonymous', roles: ['admin'] };

  constructor(
    private readonly authenticate: AuthenticateCaller,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  /** Whether the request came through the operator's own door. */
  isLocal(request: IncomingMessage): boolean {
    return this.settings.isLocalOperator?.(request) ?? false;
  }

  /** The caller, or null for one without a valid key. */
  find(request: IncomingMessage): Promise<Principal | null> | Principal | null {
    if (this.isLocal(request)) return this.operator;
    if (!this.settings.enableAuth) return this.anonymous;
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    return secret === undefined ? null : this.authenticate.execute(secret);
  }
}
