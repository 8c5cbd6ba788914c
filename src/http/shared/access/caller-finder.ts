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

  /** Whether a caller is the operator at its own door, whom nothing limits. */
  isOperator(caller: Principal | null): boolean {
    return caller === this.operator;
  }

  /** Who a request comes from when it needs no key; null where it does. */
  withoutKey(request: IncomingMessage): Principal | null {
    if (this.isLocal(request)) return this.operator;
    return this.settings.enableAuth ? null : this.anonymous;
  }

  /** The key that a request presents; null for none. */
  secretOf(request: IncomingMessage): string | null {
    return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
  }

  /** The caller, or null for one without a valid key. */
  find(request: IncomingMessage): Promise<Principal | null> | Principal | null {
    const free = this.withoutKey(request);
    if (free !== null) return free;
    const secret = this.secretOf(request);
    return secret === null ? null : this.authenticate.execute(secret);
  }
}
