import { granularityFor } from '@task/application';
import { InvalidTask } from '@task/domain';
import type { EndpointDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, needsRole, NO_MEMORY, UNKNOWN_FIELD } from '../docs/failure-examples';
import { StatisticsView } from './statistics.views';

const STATISTICS: StatisticsView = {
  overview: {
    ...{ total_tasks: 1255, completed_tasks: 1180, failed_tasks: 45, cancelled_tasks: 25 },
    ...{ active_tasks: 5, success_rate: 0.944, error_rate: 0.036 },
  },
  status_distribution: { waiting: 3, working: 2, completed: 1180, failed: 45, cancelled: 25 },
  priority_distribution: { low: 200, medium: 855, high: 200 },
  performance_metrics: {
    ...{ avg_processing_time: 125.5, p50_processing_time: 98.6, p95_processing_time: 350.2 },
    ...{ p99_processing_time: 520.8, tasks_per_hour: 49.1667 },
  },
  task_types: [
    {
      ...{ task_type: 'agent_prompt', total_tasks: 1255 },
      status_distribution: { waiting: 3, working: 2, completed: 1180, failed: 45, cancelled: 25 },
      ...{ avg_processing_time: 125.5, p50_processing_time: 98.6 },
      ...{ p95_processing_time: 350.2, p99_processing_time: 520.8 },
    },
  ],
  time_series: [
    {
      ...{ timestamp: '2025-08-18T09:00:00.000Z', tasks_created: 10, tasks_completed: 9 },
      ...{ completed: 9, failed: 1, avg_response_time: 120.5 },
    },
    {
      ...{ timestamp: '2025-08-18T10:00:00.000Z', tasks_created: 0, tasks_completed: 0 },
      ...{ completed: 0, failed: 0, avg_response_time: null },
    },
  ],
};

/** GET /api/v1/statistics */
export const GET_STATISTICS: EndpointDoc = {
  id: 'getStatistics',
  tag: 'statistics',
  summary: 'Tell how the queue is doing',
  description:
    'Counts are exact and percentiles within 1 %, from counters that every commit keeps: it takes as long with a ' +
    'million tasks as with one.',
  answers: () => [
    answers(200, StatisticsView, { statistics: STATISTICS }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('reader'),
      ...UNKNOWN_FIELD,
      ...NO_MEMORY,
      bad_period: Refusal.ofField('period', 'not_one_of', { allowed: ['1h', '24h', '7d', '30d'] }),
      too_many_points: tooManyPoints(),
    }),
  ],
};

function tooManyPoints(): InvalidTask {
  try {
    granularityFor('30d', 'minute');
  } catch (error) {
    if (error instanceof InvalidTask) return error;
  }
  throw new Error('a month has more minutes than a time series has points');
}
