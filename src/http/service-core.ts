import type { LoggerService } from '@nestjs/common';
import type {
  Clock,
  CommitFeed,
  ConcurrencyKeys,
  EventLog,
  Ids,
  KeyStore,
  Policy,
  TaskStore,
  Timers,
  WaitingClaims,
  WorkerDirectory,
} from '@task/application';
import type { IncomingMessage } from 'node:http';

/** Whether the service can be sent work; read anew at every readiness probe. */
export abstract class Lifecycle {
  abstract readonly isDraining: boolean;
  abstract readonly isMigrating: boolean;
  /** Aborted when the service begins to stop: whoever keeps a request open for longer ends it then. */
  abstract readonly draining: AbortSignal;
}

/** What the HTTP adapter drives. Whoever composes the service chooses the adapters behind it. */
export interface ServiceCore {
  readonly tasks: TaskStore;
  readonly keys: KeyStore;
  readonly events: EventLog;
  readonly workers: WorkerDirectory;
  readonly commits: CommitFeed;
  readonly concurrencyKeys: ConcurrencyKeys;
  /** The claims that wait, of every dialect. Whoever composes the service closes it when the service stops. */
  readonly waiting: WaitingClaims;
  readonly ids: Ids;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly timers: Timers;
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
  /** The same for requests about many tasks. */
  readonly maxBatchBytes: number;
  /** Readers that can follow events at once. */
  readonly maxEventStreams: number;
  /** How long after its last sign of life a worker counts as alive. */
  readonly workerTtlMs: number;
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
