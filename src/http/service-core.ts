import type { LoggerService } from '@nestjs/common';
import type { Ids, KeyStore, Policy, TaskStore } from '@task/application';
import type { IncomingMessage } from 'node:http';

/** Whether the service can be sent work; read anew at every readiness probe. */
export abstract class Lifecycle {
  abstract readonly isDraining: boolean;
  abstract readonly isMigrating: boolean;
}

/** What the HTTP adapter drives. Whoever composes the service chooses the adapters behind it. */
export interface ServiceCore {
  readonly tasks: TaskStore;
  readonly keys: KeyStore;
  readonly ids: Ids;
  readonly policy: Policy;
  /** Whether a secret is the operator's own key, found without a timing difference. */
  readonly isConfiguredKey: (secret: string) => boolean;
  readonly lifecycle: Lifecycle;
}

/** How often one caller may ask; 0 turns a limit off. Read anew at every request. */
export interface RateLimits {
  readonly requestsPerMinute: number;
  readonly burstSize: number;
}

/** What the operator decides about the HTTP side. */
export interface HttpSettings {
  readonly enableAuth: boolean;
  readonly enableDocs: boolean;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly rateLimit: RateLimits;
  /** Of the service, as `/health` and `/openapi.json` tell it. */
  readonly version: string;
  /** Where the framework and unexpected failures are logged; false logs nothing. */
  readonly logger: LoggerService | false;
  /**
   * Whether a request came through a door that only the operator can use, such as a Unix socket of mode 0600
   * (`LocalDoor`). A missing address proves nothing: a socket that was reset has none either.
   */
  readonly isLocalOperator?: (request: IncomingMessage) => boolean;
}

/** Where {@link HttpSettings} are injected. */
export const HTTP_SETTINGS = Symbol('HttpSettings');
/** Where {@link ServiceCore.isConfiguredKey} is injected. */
export const IS_CONFIGURED_KEY = Symbol('isConfiguredKey');
