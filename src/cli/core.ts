import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { KeepLeases, TellDependents, WaitingClaims } from '@task/application';
import {
  RandomIds,
  SettingsPolicy,
  SystemClock,
  SystemTimers,
  type DatabaseUrl,
  type OpenStore,
  type Settings,
  type StoreOptions,
} from '@task/infrastructure';
import type { HttpSettings, Lifecycle, ServiceCore } from '../http/service-core';

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** What the service keeps and decides, behind the ports that its doors know. */
export function composeCore(store: OpenStore, settings: Settings, lifecycle: Lifecycle): ServiceCore {
  const { tasks, keys, events, workers, commits, concurrencyKeys } = store;
  const clock = new SystemClock();
  const timers = new SystemTimers();
  return {
    tasks,
    keys,
    events,
    workers,
    commits,
    concurrencyKeys,
    waiting: new WaitingClaims(tasks, clock, timers, commits),
    ids: new RandomIds(),
    policy: new SettingsPolicy(settings),
    clock,
    timers,
    isConfiguredKey: keyCheck(settings.apiSecretKey),
    lifecycle,
  };
}

/** What takes tasks from workers whose time is over; not started yet. */
export function leaseKeeperOf({ tasks, policy, clock, timers }: ServiceCore): KeepLeases {
  return new KeepLeases(tasks, policy, clock, timers);
}

/** What tells tasks that wait for others how those ended; not started yet. */
export function dependentsOf({ tasks, concurrencyKeys, timers, commits }: ServiceCore): TellDependents {
  return new TellDependents(tasks, concurrencyKeys, timers, commits);
}

/** How to open the database that the settings name. */
export function storeOptionsOf(settings: Settings, url: DatabaseUrl): StoreOptions {
  return {
    url,
    maxConnections: settings.databaseMaxConnections,
    timeoutMs: settings.databaseTimeoutSeconds * 1000,
    commandTimeoutMs: settings.requestTimeoutSeconds * 1000,
  };
}

/** What the settings say about HTTP. */
export function httpSettingsOf(
  settings: Settings,
  surroundings: { readonly version: string; readonly logger: LoggerService } & Pick<
    HttpSettings,
    'isLocalOperator'
  >,
): HttpSettings {
  return {
    enableAuth: settings.enableAuth,
    enableDocs: settings.enableDocs,
    requestTimeoutMs: settings.requestTimeoutSeconds * 1000,
    maxBodyBytes: MAX_BODY_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    maxEventStreams: settings.maxEventStreams,
    workerTtlMs: settings.workerTtlSeconds * 1000,
    rateLimit: {
      requestsPerMinute: settings.rateLimitRequestsPerMinute,
      burstSize: settings.rateLimitBurstSize,
    },
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
