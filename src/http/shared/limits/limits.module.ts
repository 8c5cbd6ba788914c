import { Module } from '@nestjs/common';
import { SharedLevels } from '@task/application';
import { ThrottlerModule, ThrottlerStorage, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { MINUTE_MS } from './allowance';
import { endpointLimitOf } from './endpoint-limit';
import { TokenBucketStorage } from './token-bucket-storage';

/** The throttler, with our token buckets for its storage. */
const THROTTLER = ThrottlerModule.forRootAsync({
  inject: [HTTP_SETTINGS, SharedLevels],
  useFactory: ({ rateLimit }: HttpSettings, levels: SharedLevels | null): ThrottlerModuleOptions => ({
    storage: new TokenBucketStorage(levels),
    // The edge shows the caller's own limit, which holds for all endpoints.
    setHeaders: false,
    throttlers: [
      {
        name: 'endpoint',
        ttl: MINUTE_MS,
        limit: (context) => endpointLimitOf(context, rateLimit) ?? Number.MAX_SAFE_INTEGER,
      },
    ],
  }),
});

/** How often callers may ask. */
@Module({
  imports: [THROTTLER],
  providers: [{ provide: TokenBucketStorage, useExisting: ThrottlerStorage }],
  exports: [THROTTLER, TokenBucketStorage],
})
export class LimitsModule {}
