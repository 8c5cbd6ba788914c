import type { LoggerService } from '@nestjs/common';
import type {
  AuditLog,
  Clock,
  CommitFeed,
  ConcurrencyKeys,
  Configuration,
  EventLog,
  Executor,
  Ids,
  KeyStore,
  MemoryGuard,
  MetricFamily,
  Policy,
  Pulses,
  ScheduleStore,
  SettingsStore,
  SharedLevels,
  Statistics,
  TaskStore,
  Timers,
  WaitingClaims,
  WorkerDirectory,
} from '@task/application';
import type { Recurrence } from '@task/domain';
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
  readonly audit: AuditLog;
  readonly events: EventLog;
  readonly workers: WorkerDirectory;
  readonly statistics: Statistics;
  readonly commits: CommitFeed;
  readonly concurrencyKeys: ConcurrencyKeys;
  readonly schedules: ScheduleStore;
  readonly recurrence: Recurrence;
  /** The claims that wait, of every dialect. Whoever composes the service closes it when the service stops. */
  readonly waiting: WaitingClaims;
  /** What the service does by itself. */
  readonly executor: Executor;
  readonly ids: Ids;
  readonly policy: Policy;
  readonly configuration: Configuration;
  readonly settingsStore: SettingsStore;
  /** What several instances share to limit their callers together; absent for one that limits alone. */
  readonly sharedLevels?: SharedLevels | null;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Whether a secret is the operator's own key, found without a timing difference. */
  readonly isConfiguredKey: (secret: string) => boolean;
  readonly lifecycle: Lifecycle;
  /** Refuses new work while memory is short. */
  readonly memory: MemoryGuard;
  /** What has to go on by itself. */
  readonly pulses: Pulses;
  /** What is measured behind the doors. */
  readonly metrics: readonly MetricFamily[];
}

/** How often one caller may ask; 0 turns a limit off. Read anew at every request. */
export interface RateLimits {
  readonly requestsPerMinute: number;
  readonly burstSize: number;
  /**
   * Requests in a minute of one caller to single endpoints, by names such as `POST /api/v1/tasks/{}/cancel`: parameters
   * have none of their own. Absent for no such limits.
   */
  readonly endpoints?: ReadonlyMap<string, number>;
}

/** Some of all IP addresses. */
export interface AddressSet {
  /** @param address as `canonicalAddress` writes it */
  has(address: string): boolean;
}

/** Who may reach the service, and how. Read anew at every request. */
export interface NetworkSettings {
  /** The one way to write an address as a socket or a proxy gives it; null for what is none. */
  readonly canonicalAddress: (text: string) => string | null;
  /** Clients that may send requests; null for all. */
  readonly allowedAddresses: AddressSet | null;
  /** Whose word is taken about where a request comes from; null for nobody's. */
  readonly trustedProxies: AddressSet | null;
  /** What `Host` may say, in small letters and without the port; null for anything. */
  readonly knownHosts: ReadonlySet<string> | null;
  /** Refuses what did not come over HTTPS. */
  readonly requireHttps: boolean;
  /** Origins whose pages may use the API, `*` for all; null when there is no CORS. */
  readonly corsOrigins: readonly string[] | null;
}

/** How loud a request is: probes are whispered, and what went wrong here is said aloud. */
export type RequestLevel = 'debug' | 'info' | 'warn';

/** One request as it is logged: nothing of what was sent but ids and names. */
export interface RequestLine {
  readonly request_id: string;
  readonly method: string;
  /** The pattern of its route; absent where none was found. */
  readonly route: string | undefined;
  readonly duration_ms: number;
  /** Absent when nobody waited for the answer any more. */
  readonly status?: number;
  readonly aborted?: true;
  /** The client's; absent for the operator's own door. */
  readonly address?: string;
  /** Name of the caller's key. */
  readonly key?: string;
  /** Why it was refused. */
  readonly code?: string;
  readonly task_id?: string;
  readonly worker_id?: string;
}

/** Where requests are logged. */
export interface RequestLines {
  isWanted(level: RequestLevel): boolean;
  write(level: RequestLevel, line: RequestLine): void;
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
  readonly network: NetworkSettings;
  /** Names of this machine under which `/mcp` may be asked for, beside localhost and addresses. */
  readonly mcpHosts: readonly string[];
  /** Of the service, as `/health` and `/openapi.json` tell it. */
  readonly version: string;
  /** Where the framework and unexpected failures are logged; false logs nothing. */
  readonly logger: LoggerService | false;
  /** Where each request is logged; absent logs none. */
  readonly requestLines?: RequestLines;
  /**
   * Whether a request came through a door that only the operator can use, such as a Unix socket of mode 0600
   * (`LocalDoor`). A missing address proves nothing: a socket that was reset has none either.
   */
  readonly isLocalOperator?: (request: IncomingMessage) => boolean;
}

/** Where {@link HttpSettings} are injected. */
export const HTTP_SETTINGS = Symbol('HttpSettings');
/** Where {@link ServiceCore.metrics} are injected. */
export const SERVICE_METRICS = Symbol('serviceMetrics');
/** Where {@link ServiceCore.isConfiguredKey} is injected. */
export const IS_CONFIGURED_KEY = Symbol('isConfiguredKey');
