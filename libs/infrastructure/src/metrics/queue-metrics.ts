import {
  only,
  StoreUnavailable,
  type Clock,
  type MetricFamily,
  type MetricSample,
  type Statistics,
} from '@task/application';
import { TASK_STATUSES } from '@task/domain';

/** How many tasks there are, and how long they wait: the same on every instance, whatever restarts. */
export function queueMetrics(statistics: Statistics, clock: Clock): readonly MetricFamily[] {
  return [
    {
      kind: 'gauge',
      name: 'task_orchestrator_tasks',
      help: 'Tasks there are, by status; absent while the database is away',
      labels: ['status'],
      read: () => known(() => tasksByStatus(statistics)),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_oldest_claimable_task_age_seconds',
      help: 'How long the first in line could have been claimed; 0 when there is none, absent while the database is away',
      read: () =>
        known(async () => {
          const since = await statistics.claimableSince();
          return only(since === null ? 0 : Math.max(0, clock.now() - since) / 1000);
        }),
    },
  ];
}

async function tasksByStatus(statistics: Statistics): Promise<readonly MetricSample[]> {
  const counts = await statistics.counts();
  return TASK_STATUSES.map((status) => ({
    labels: { status },
    value: counts.reduce((sum, count) => sum + (count.status === status ? count.tasks : 0), 0),
  }));
}

/** A database that is away makes figures unknown, and the others are told all the same. */
async function known(read: () => Promise<readonly MetricSample[]>): Promise<readonly MetricSample[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StoreUnavailable) return [];
    throw error;
  }
}
