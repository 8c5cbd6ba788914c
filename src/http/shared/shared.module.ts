import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import {
  AuditLog,
  AuthenticateCaller,
  Clock,
  EventLog,
  KeyStore,
  ReadEvents,
  RefusedAccess,
  Timers,
} from '@task/application';
import { IS_CONFIGURED_KEY } from '../service-core';
import { AccessRefusals } from './access/access-refusals';
import { AccessGuard } from './access/access.guard';
import { CallerFinder } from './access/caller-finder';
import { Standing } from './access/standing';
import { Edge } from './exchange/edge';
import { KeysInFlight } from './exchange/idempotency';
import { OpenConnections } from './exchange/open-connections';
import { RequestLog } from './exchange/request-log';
import { WaitingTime } from './exchange/waiting-time';
import { BrokenMessages } from './failures/broken-messages';
import { failureRenderers, type Dialect } from './failures/dialects';
import { FailureFilter } from './failures/failure.filter';
import { StableFailures } from './failures/failure-renderer';
import { FailureWriter } from './failures/failure-writer';
import { RouteTable } from './failures/route-table';
import { Admission } from './limits/admission';
import { EndpointThrottlerGuard } from './limits/endpoint-throttler.guard';
import { LimitsModule } from './limits/limits.module';
import { HttpMeter } from './metrics/http-meter';
import { ClientAddresses } from './network/client-addresses';
import { CrossOrigin } from './network/cross-origin';
import { Gates } from './network/gates';
import { EventAlarm } from './streams/event-alarm';
import { EventStreams } from './streams/event-streams';
import { SharedReads } from './streams/shared-reads';
import { useCase } from './use-case';
import { DtoPipe } from './validation/dto.pipe';
import { QueryGuard } from './validation/query.guard';

const WORKINGS = [
  CallerFinder,
  ClientAddresses,
  Gates,
  Standing,
  CrossOrigin,
  OpenConnections,
  HttpMeter,
  KeysInFlight,
  RequestLog,
  WaitingTime,
  AccessRefusals,
  FailureWriter,
  BrokenMessages,
  FailureFilter,
  Admission,
  Edge,
  EventAlarm,
  SharedReads,
  EventStreams,
];

/** What every dialect has in common: who may come in, how often, and how failures leave. */
@Global()
@Module({})
export class SharedModule {
  static of(routes: RouteTable, dialects: readonly Dialect[]): DynamicModule {
    return {
      module: SharedModule,
      imports: [LimitsModule],
      providers: [
        ...WORKINGS,
        useCase(ReadEvents, [EventLog]),
        useCase(RefusedAccess, [AuditLog, Clock, Timers]),
        { provide: RouteTable, useValue: routes },
        ...failureRenderers(dialects),
        {
          provide: AuthenticateCaller,
          inject: [KeyStore, IS_CONFIGURED_KEY, Clock],
          useFactory: (keys: KeyStore, isConfigured: (secret: string) => boolean, clock: Clock) =>
            new AuthenticateCaller(keys, isConfigured, clock),
        },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: EndpointThrottlerGuard },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_PIPE, useClass: DtoPipe },
        { provide: APP_FILTER, useExisting: FailureFilter },
      ],
      exports: [
        RefusedAccess,
        CrossOrigin,
        OpenConnections,
        HttpMeter,
        FailureWriter,
        StableFailures,
        WaitingTime,
        EventStreams,
      ],
    };
  }
}
