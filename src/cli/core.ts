import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import {
  CreateTasks,
  KeepLeases,
  KeepRetention,
  MemoryGuard,
  Pulses,
  RunSchedules,
  ScheduledRuns,
  TellDependents,
  WaitingClaims,
  type Executor,
} from '@task/application';
import {
  CronerRecurrence,
  ProcessMemory,
  RandomIds,
  serviceMetrics,
  SettingsConfiguration,
  SettingsPolicy,
  SystemClock,
  SystemTimers,
  type DatabaseUrl,
  type LiveSettings,
  type OpenStore,
  type Settings,
  type StoreOptions,
} from '@task/infrastructure';
import type { HttpSettings, Lifecycle, ServiceCore } from '../http/service-core';
import { networkSettingsOf, rateLimitsOf } from './network-settings';

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** What the service keeps and decides, behind the ports that its doors know. */
export function composeCore(
  store: OpenStore,
  live: LiveSettings,
  lifecycle: Lifecycle,
  executor: Executor,
): ServiceCore {
  const settings = live.values;
  const { tasks, keys, audit, events, workers, statistics, commits, concurrencyKeys, schedules } = store;
  const clock = new SystemClock();
  const timers = new SystemTimers();
  const waiting = new WaitingClaims(tasks, clock, timers, commits);
  const policy = new SettingsPolicy(settings);
  const memory = new MemoryGuard(new ProcessMemory(), policy, timers);
  const pulses = new Pulses();
  pulses.watch('lane', store.lane.pulse);
  pulses.watch('claims', waiting);
  return {
    tasks,
    keys,
    audit,
    events,
    workers,
    statistics,
    commits,
    concurrencyKeys,
    schedules,
    recurrence: new CronerRecurrence(),
    waiting,
    executor,
    ids: new RandomIds(),
    policy,
    configuration: new SettingsConfiguration(live),
    settingsStore: store.settings,
    sharedLevels: store.levels,
    clock,
    timers,
    isConfiguredKey: keyCheck(settings.apiSecretKey),
    lifecycle,
    memory,
    pulses,
    metrics: serviceMetrics(store, waiting, clock, memory),
  };
}

/** What takes tasks from workers whose time is over; not started yet. */
export function leaseKeeperOf({ tasks, policy, clock, timers, pulses }: ServiceCore): KeepLeases {
  const keeper = new KeepLeases(tasks, policy, clock, timers);
  pulses.watch('sweep', keeper);
  return keeper;
}

/** What archives tasks that ended long ago; not started yet. */
export function retentionKeeperOf({ archive }: OpenStore, { policy, timers }: ServiceCore): KeepRetention {
  return new KeepRetention(archive, policy, timers);
}

/** What tells tasks that wait for others how those ended; not started yet. */
export function dependentsOf({ tasks, concurrencyKeys, timers, commits }: ServiceCore): TellDependents {
  return new TellDependents(tasks, concurrencyKeys, timers, commits);
}

/** What lets schedules make their tasks; not started yet. */
export function schedulerOf(core: ServiceCore): RunSchedules {
  const { tasks, ids, policy, schedules, recurrence, clock, timers, pulses, memory } = core;
  const runs = new ScheduledRuns(new CreateTasks(tasks, ids, policy, memory), recurrence);
  const scheduler = new RunSchedules(schedules, runs, clock, timers);
  pulses.watch('schedules', scheduler);
  return scheduler;
}

/** How to open the database that the settings name. */
export function storeOptionsOf(settings: Settings, url: DatabaseUrl): StoreOptions {
  return {
    url,
    encryptionKey: settings.databaseEncryptionKey,
    maxConnections: settings.databaseMaxConnections,
    minConnections: settings.databaseMinConnections,
    idleMs: settings.databaseIdleSeconds * 1000,
    timeoutMs: settings.databaseTimeoutSeconds * 1000,
    commandTimeoutMs: settings.requestTimeoutSeconds * 1000,
  };
}

/** What the settings say about HTTP: what is live is read at every use. */
export function httpSettingsOf(
  settings: Settings,
  surroundings: { readonly version: string; readonly logger: LoggerService } & Pick<
    HttpSettings,
    'isLocalOperator' | 'requestLines'
  >,
): HttpSettings {
  return {
    enableAuth: settings.enableAuth,
    enableDocs: settings.enableDocs,
    requestTimeoutMs: settings.requestTimeoutSeconds * 1000,
    maxBodyBytes: MAX_BODY_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    get mcpHosts() {
      return [settings.serverHost, ...settings.allowedHosts];
    },
    get maxEventStreams() {
      return settings.maxEventStreams;
    },
    get workerTtlMs() {
      return settings.workerTtlSeconds * 1000;
    },
    rateLimit: rateLimitsOf(settings),
    network: networkSettingsOf(settings),
    ...surroundings,
  };
}

/** Compares digests: of equal length, and no two of them alike at their beginnings. */
function keyCheck(configured: string | null): (secret: string) => boolean {
  if (configured === null) return () => false;
  const expected = digest(configured);
  return (secret) => timingSafeEqual(digest(secret), expected);
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
