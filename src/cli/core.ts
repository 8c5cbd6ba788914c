import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import {
  RandomIds,
  SettingsPolicy,
  type DatabaseUrl,
  type OpenStore,
  type Settings,
  type StoreOptions,
} from '@task/infrastructure';
import type { HttpSettings, Lifecycle, ServiceCore } from '../http/service-core';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** What the service keeps and decides, behind the ports that its doors know. */
export function composeCore(store: OpenStore, settings: Settings, lifecycle: Lifecycle): ServiceCore {
  return {
    tasks: store.tasks,
    keys: store.keys,
    ids: new RandomIds(),
    policy: new SettingsPolicy(settings),
    isConfiguredKey: keyCheck(settings.apiSecretKey),
    lifecycle,
  };
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
