import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  MemoryGuard,
  Pulses,
  TellDependents,
  WaitingClaims,
  type EventLog,
  type Executor,
  type KeyStore,
  type MemoryGauge,
  type Policy,
  type SettingsStore,
  type SharedLevels,
  type TaskStore,
  type Timers,
} from '@task/application';
import type { Role } from '@task/domain';
import {
  Commits,
  CronerRecurrence,
  InMemoryAuditLog,
  InMemoryConcurrencyKeys,
  InMemoryEventLog,
  InMemoryScheduleStore,
  InMemorySettingsStore,
  InMemoryStatistics,
  InMemoryTaskStore,
  InMemoryWorkerDirectory,
  LiveSettings,
  loadSettings,
  queueMetrics,
  RandomIds,
  SettingsConfiguration,
  SystemTimers,
  TaskMetrics,
} from '@task/infrastructure';
import { behindPath } from '../../../src/cli/listen/behind-path';
import { createApp } from '../../../src/http/create-app';
import { Lifecycle, type HttpSettings, type ServiceCore } from '../../../src/http/service-core';
import type { JsonExpressAdapter } from '../../../src/http/json-express-adapter';
import { ApiClient } from '../../support/api-client';
import { policy } from '../../support/builders';
import { FixedClock } from '../../support/fixed-clock';
import { MemoryLog } from '../../support/memory-log';
import { SECRETS } from '../../support/secrets-watch';
import { ToldMemory } from '../../support/told-memory';
import { RoleKeys } from '../../support/role-keys';
import { OPEN_NETWORK } from '../../support/open-network';

/** What a test wants otherwise than the others. */
export interface ServiceChanges {
  readonly settings?: Partial<HttpSettings>;
  readonly policy?: Partial<Policy>;
  /** Commits that it makes are told to those who wait only when it is given the same feed. */
  readonly tasks?: TaskStore;
  readonly commits?: Commits;
  readonly timers?: Timers;
  /** Memory without bounds, unless another is given. */
  readonly memory?: MemoryGauge;
  /** What is told as the configuration; the rest of the service is set by the others here. */
  readonly live?: LiveSettings;
  readonly settingsStore?: SettingsStore;
  /** What is put in front of the log of events. */
  readonly eventLog?: (whole: EventLog) => EventLog;
  readonly executor?: Executor;
  /** Limits that hold for several instances together. */
  readonly sharedLevels?: SharedLevels;
  /** The secret of each role's key is its name, unless others are given. */
  readonly keys?: KeyStore;
  readonly extraImports?: readonly (Type | DynamicModule)[];
}

/** A service that stops when a test says so. */
class TestLifecycle extends Lifecycle {
  private readonly stopping = new AbortController();
  readonly draining = this.stopping.signal;
  isDraining = false;
  isMigrating = false;

  drain(): void {
    this.isDraining = true;
    this.stopping.abort();
  }
}

/** The HTTP side of a service on a socket, over a store in memory. */
export class TestService {
  readonly lifecycle = new TestLifecycle();
  readonly log = new MemoryLog();

  private constructor(
    readonly clock: FixedClock,
    private readonly servers: Server[] = [],
  ) {}

  private opened: NestExpressApplication | null = null;
  private dependents: TellDependents | null = null;
  private parts: ServiceCore | null = null;

  static async start(changes: ServiceChanges = {}): Promise<TestService> {
    const service = new TestService(new FixedClock());
    await service.open(changes);
    return service;
  }

  get app(): NestExpressApplication {
    if (this.opened === null) throw new Error('not started');
    return this.opened;
  }

  get core(): ServiceCore {
    if (this.parts === null) throw new Error('not started');
    return this.parts;
  }

  get baseUrl(): string {
    const { port } = this.servers[0]?.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** A client with the key of a role; null for none. */
  as(role: Role | null): ApiClient {
    return new ApiClient(this.baseUrl, role);
  }

  /** One more server in front of the same application. @param behind a path to put before every other */
  async listen({
    behind,
    ...where
  }: {
    readonly port?: number;
    readonly path?: string;
    readonly host?: string;
    readonly behind?: string;
  }): Promise<Server> {
    const adapter = this.app.getHttpAdapter() as JsonExpressAdapter;
    const api = { handle: adapter.getInstance<RequestListener>() };
    const { handle } = behind === undefined ? api : behindPath(behind, api);
    // A test may do much between two requests: a connection that is closed meanwhile looks like a fault.
    const server = createServer({ ...adapter.messageClasses, keepAliveTimeout: 120_000 }, handle);
    this.servers.push(server);
    server.listen(where);
    await once(server, 'listening');
    return server;
  }

  async close(): Promise<void> {
    this.dependents?.stop();
    this.core.waiting.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await this.app.close();
    SECRETS.mustNotBeIn(this.log.text, 'the log');
  }

  private async open({ settings, extraImports, ...changes }: ServiceChanges): Promise<void> {
    this.parts = this.compose(changes);
    const { tasks, concurrencyKeys, commits } = this.parts;
    this.dependents = new TellDependents(tasks, concurrencyKeys, new SystemTimers(), commits);
    this.dependents.start();
    this.opened = await createApp(
      this.parts,
      { ...SETTINGS, ...this.log.settings, ...settings },
      extraImports,
    );
    await this.app.init();
    await this.listen({ port: 0, host: '127.0.0.1' });
  }

  private compose(changes: ServiceChanges): ServiceCore {
    const { clock, lifecycle } = this;
    const { commits = new Commits(), timers = new SystemTimers(), keys = new RoleKeys(clock) } = changes;
    const { tasks = new InMemoryTaskStore(clock, commits) } = changes;
    const { eventLog = (whole) => whole, executor = NO_EXECUTOR } = changes;
    const kept = tasks instanceof InMemoryTaskStore ? tasks : new InMemoryTaskStore(clock);
    const statistics = new InMemoryStatistics(kept, clock);
    const waiting = new WaitingClaims(tasks, clock, timers, commits);
    const rules = policy(changes.policy);
    const pulses = new Pulses();
    pulses.watch('claims', waiting);
    return {
      tasks,
      keys,
      audit: new InMemoryAuditLog(clock),
      events: eventLog(new InMemoryEventLog(kept)),
      workers: new InMemoryWorkerDirectory(kept),
      statistics,
      commits,
      concurrencyKeys: new InMemoryConcurrencyKeys(kept),
      schedules: new InMemoryScheduleStore(kept, clock),
      recurrence: new CronerRecurrence(),
      waiting,
      executor,
      ids: new RandomIds(),
      policy: rules,
      configuration: new SettingsConfiguration(changes.live ?? defaults()),
      settingsStore: changes.settingsStore ?? new InMemorySettingsStore(),
      sharedLevels: changes.sharedLevels ?? null,
      clock,
      timers,
      isConfiguredKey: () => false,
      lifecycle,
      memory: new MemoryGuard(changes.memory ?? new ToldMemory(), rules, timers),
      pulses,
      metrics: [...queueMetrics(statistics, clock), ...new TaskMetrics(commits).families()],
    };
  }
}

/** Runs nothing. */
const NO_EXECUTOR: Executor = { taskTypes: [], maxWaiting: 1_000 };

function defaults(): LiveSettings {
  return new LiveSettings(loadSettings({ env: {}, cwd: '/' }));
}

const SETTINGS: HttpSettings = {
  enableAuth: true,
  enableDocs: true,
  requestTimeoutMs: 30_000,
  maxBodyBytes: 2 * 1024 * 1024,
  maxBatchBytes: 16 * 1024 * 1024,
  maxEventStreams: 500,
  workerTtlMs: 60_000,
  rateLimit: { requestsPerMinute: 1_000_000, burstSize: 1_000_000 },
  network: OPEN_NETWORK,
  mcpHosts: [],
  version: '9.8.7',
  logger: false,
};
