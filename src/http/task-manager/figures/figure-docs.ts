import type { EndpointDoc } from '../../shared/docs/endpoint';
import {
  ALWAYS_POSSIBLE,
  needsRole,
  NO_MEMORY,
  TASK_ID,
  UNKNOWN_FIELD,
} from '../../shared/docs/failure-examples';
import type { Plain } from '../../shared/docs/shows';
import { METRICS as OF_THE_SERVICE, METRICS_TEXT } from '../../system/metrics-docs';
import { answers, fails } from '../docs/answers';
import { QueueInfo, ServiceHealth, SystemStatistics, TaskStatistics } from './figure.views';

const tag = 'statistics';

const TASKS: TaskStatistics = {
  total_tasks: 1250,
  queued_tasks: 45,
  processing_tasks: 12,
  completed_tasks: 1180,
  failed_tasks: 13,
  avg_process_time: 45.6,
  success_rate: 94.4,
  status_breakdown: { queued: 45, processing: 12, completed: 1180, failed: 13, cancelled: 0 },
  type_breakdown: { document_processing: 800, embedding_generation: 350, knowledge_indexing: 100 },
};

const SYSTEM: SystemStatistics = {
  total_workers: 10,
  active_workers: 8,
  idle_workers: 2,
  busy_workers: 6,
  queue_size: 45,
  processing_rate: 12.4,
  workers: [
    {
      id: 'worker_001',
      status: 'busy',
      current_task_id: TASK_ID,
      tasks_processed: 156,
      tasks_succeeded: 148,
      tasks_failed: 8,
      last_heartbeat: '2025-07-28T14:20:00.000Z',
      started_at: '2025-07-28T10:00:00.000Z',
      average_task_time: 42.3,
    },
  ],
  task_stats: TASKS,
};

const HEALTHY: Plain<ServiceHealth> = {
  status: 'healthy',
  service: 'task-manager',
  version: '1.0.0',
  details: { database: { status: 'healthy' }, queue: { status: 'healthy', size: 45 } },
};

const UNHEALTHY: ServiceHealth = {
  ...HEALTHY,
  status: 'unhealthy',
  details: { database: { status: 'unhealthy' }, queue: { status: 'unhealthy', size: null } },
};

const DEGRADED: ServiceHealth = {
  ...HEALTHY,
  status: 'degraded',
  details: { database: { status: 'healthy' }, queue: { status: 'degraded', size: 45 } },
};

const TAKES_NO_WRITES: ServiceHealth = {
  ...HEALTHY,
  status: 'unhealthy',
  details: { database: { status: 'healthy' }, queue: { status: 'unhealthy', size: 45 } },
};

const READER = { ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...UNKNOWN_FIELD };

/** GET /api/v1/stats/tasks */
export const TASK_STATISTICS: EndpointDoc = {
  id: 'getTaskStatistics',
  tag,
  summary: 'Count tasks',
  description: 'How many tasks there are, of one knowledge base or of all, and how those that are done went.',
  answers: () => [answers(200, TaskStatistics, { statistics: TASKS }), ...fails({ ...READER, ...NO_MEMORY })],
};

/** GET /api/v1/stats/system */
export const SYSTEM_STATISTICS: EndpointDoc = {
  id: 'getSystemStatistics',
  tag,
  summary: 'Look at the workers and the queue',
  description: 'Who works, on what, and how fast. What workers did is kept over restarts.',
  answers: () => [
    answers(200, SystemStatistics, { statistics: SYSTEM }),
    ...fails({ ...READER, ...NO_MEMORY }),
  ],
};

/** GET /api/v1/queues/info */
export const QUEUE_INFO: EndpointDoc = {
  id: 'getQueueInfo',
  tag,
  summary: 'Look at a part of the queue',
  description: 'How many tasks of a type and a priority wait.',
  answers: () => [
    answers(200, QueueInfo, { queue: { queue_size: 25, queue_key: 'task_queue:high' } }),
    ...fails(READER),
  ],
};

/** GET /metrics */
export const METRICS: EndpointDoc = {
  ...OF_THE_SERVICE,
  tag,
  answers: () => [METRICS_TEXT, ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader') })],
};

/** GET /health */
export const HEALTH: EndpointDoc = {
  id: 'getHealth',
  tag: 'health',
  summary: 'Tell how the service is',
  description:
    'Whether the service can do its work. 503 while it cannot: its database is away or takes no writes, or something has ' +
    'stopped that has to go on by itself. Degraded while memory is short, and new tasks are refused.',
  isOpen: true,
  answers: () => [
    answers(200, ServiceHealth, { healthy: HEALTHY, degraded: DEGRADED }),
    answers(503, ServiceHealth, { unhealthy: UNHEALTHY, takes_no_writes: TAKES_NO_WRITES }),
  ],
};
