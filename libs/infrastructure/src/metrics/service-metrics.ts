import { only, type Clock, type MemoryGuard, type MetricFamily, type WaitingClaims } from '@task/application';
import type { OpenStore } from '../persistence/open-store';
import { databaseMetrics } from './database-metrics';
import { laneMetrics } from './lane-metrics';
import { memoryMetrics } from './memory-metrics';
import { queueMetrics } from './queue-metrics';
import { TaskMetrics } from './task-metrics';

/** Everything that is measured of a service behind its doors. It is counted from now on. */
export function serviceMetrics(
  store: Pick<OpenStore, 'commits' | 'statistics' | 'lane' | 'pool' | 'instances'>,
  waiting: WaitingClaims,
  clock: Clock,
  memory: MemoryGuard,
): readonly MetricFamily[] {
  const { commits, statistics, lane } = store;
  return [
    ...queueMetrics(statistics, clock),
    ...new TaskMetrics(commits).families(),
    ...laneMetrics(lane),
    ...databaseMetrics(store),
    {
      kind: 'gauge',
      name: 'task_orchestrator_waiting_claims',
      help: 'Claims that wait for work',
      read: () => only(waiting.count),
    },
    ...memoryMetrics(memory),
  ];
}
