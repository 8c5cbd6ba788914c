import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthenticateCaller, EventLog, KeyStore, ReadEvents } from '@task/application';
import { IS_CONFIGURED_KEY } from '../service-core';
import { AccessGuard } from './access/access.guard';
import { CallerFinder } from './access/caller-finder';
import { Edge } from './exchange/edge';
import { KeysInFlight } from './exchange/idempotency';
import { OpenConnections } from './exchange/open-connections';
import { WaitingTime } from './exchange/waiting-time';
import { failureRenderers, type Dialect } from './failures/dialects';
import { FailureFilter } from './failures/failure.filter';
import { StableFailures } from './failures/failure-renderer';
import { FailureWriter } from './failures/failure-writer';
import { RouteTable } from './failures/route-table';
import { Admission } from './limits/admission';
import { EventAlarm } from './streams/event-alarm';
import { EventStreams } from './streams/event-streams';
import { SharedReads } from './streams/shared-reads';
import { useCase } from './use-case';
import { DtoPipe } from './validation/dto.pipe';

const WORKINGS = [
  CallerFinder,
  OpenConnections,
  KeysInFlight,
  WaitingTime,
  FailureWriter,
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
      providers: [
        ...WORKINGS,
        useCase(ReadEvents, [EventLog]),
        { provide: RouteTable, useValue: routes },
        ...failureRenderers(dialects),
        {
          provide: AuthenticateCaller,
          inject: [KeyStore, IS_CONFIGURED_KEY],
          useFactory: (keys: KeyStore, isConfigured: (secret: string) => boolean) =>
            new AuthenticateCaller(keys, isConfigured),
        },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: DtoPipe },
        { provide: APP_FILTER, useExisting: FailureFilter },
      ],
      exports: [OpenConnections, FailureWriter, StableFailures, WaitingTime, EventStreams],
    };
  }
}
