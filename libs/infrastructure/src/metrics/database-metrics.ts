import { Buckets, only, QUICK_SECONDS, type MetricFamily } from '@task/application';
import type { OpenStore } from '../persistence/open-store';

/** The connections to PostgreSQL, and the other instances on it. A SQLite file has neither. */
export function databaseMetrics({
  pool,
  instances,
}: Pick<OpenStore, 'pool' | 'instances'>): readonly MetricFamily[] {
  const waitSeconds = pool?.waitSeconds ?? new Buckets(QUICK_SECONDS);
  return [
    {
      kind: 'gauge',
      name: 'task_orchestrator_database_connections',
      help: 'Connections of the pool to PostgreSQL, by whether somebody uses them; 0 on SQLite',
      labels: ['state'],
      read: () => [
        { labels: { state: 'active' }, value: pool?.active ?? 0 },
        { labels: { state: 'idle' }, value: pool?.idle ?? 0 },
      ],
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_database_connections_leaked',
      help: 'Connections of the pool that somebody has had for longer than any statement may take',
      read: () => only(pool?.leaked ?? 0),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_database_connections_awaited',
      help: 'Statements that wait for a connection of the pool',
      read: () => only(pool?.waiting ?? 0),
    },
    {
      kind: 'histogram',
      name: 'task_orchestrator_database_connection_wait_seconds',
      help: 'How long statements waited for their connection',
      read: () => [{ labels: {}, buckets: waitSeconds }],
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_instances',
      help: 'Instances that share the database, this one included',
      read: () => only(instances?.count ?? 1),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_instances_heard',
      help: 'Whether other instances are heard as soon as they commit; at 0 the database is asked once a second; 1 on SQLite',
      read: () => only(instances === null || instances.isListening ? 1 : 0),
    },
  ];
}
