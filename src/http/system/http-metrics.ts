import { only, type MetricFamily } from '@task/application';
import type { OpenConnections } from '../shared/exchange/open-connections';
import type { HttpMeter } from '../shared/metrics/http-meter';
import type { EventStreams } from '../shared/streams/event-streams';

/** What is measured of the doors. */
export function httpMetrics(
  meter: HttpMeter,
  connections: OpenConnections,
  streams: EventStreams,
): readonly MetricFamily[] {
  return [
    {
      kind: 'counter',
      name: 'task_orchestrator_http_requests_total',
      help: 'Requests by the pattern of their route; status "aborted" where nobody waited for the answer',
      labels: ['method', 'route', 'status'],
      read: () => meter.requests(),
    },
    {
      kind: 'histogram',
      name: 'task_orchestrator_http_request_duration_seconds',
      help: 'How long answers took; claims that wait are among them, event streams are not',
      labels: ['method', 'route'],
      read: () => meter.durations(),
    },
    {
      kind: 'counter',
      name: 'task_orchestrator_throttled_requests_total',
      help: 'Requests that were refused because their caller had sent too many',
      read: () => only(meter.throttled()),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_http_connections',
      help: 'Open connections of clients',
      read: () => only(connections.count),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_event_streams',
      help: 'Readers that follow events',
      read: () => only(streams.count),
    },
  ];
}
