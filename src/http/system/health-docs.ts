import type { Type } from '@nestjs/common';
import { refTo, type AnswerDoc, type EndpointDoc } from '../shared/docs/endpoint';
import { HealthReport, ProbeReport } from './health.view';

const tag = 'health';

const HEALTHY = {
  status: 'healthy',
  timestamp: '2025-08-18T10:00:00.000Z',
  version: '1.0.0',
  uptime: '2h 30m 15s',
  database: 'connected',
  active_tasks: 12,
  components: {
    database: {
      status: 'healthy',
      healthy: true,
      response_time: 0.4,
      last_checked: '2025-08-18T10:00:00.000Z',
    },
    lane: { status: 'healthy', healthy: true, response_time: 2.1, last_checked: '2025-08-18T10:00:00.000Z' },
    sweep: { status: 'healthy', healthy: true, response_time: 3.4, last_checked: '2025-08-18T10:00:00.000Z' },
    schedules: {
      status: 'healthy',
      healthy: true,
      response_time: 1.2,
      last_checked: '2025-08-18T10:00:00.000Z',
    },
    claims: {
      status: 'healthy',
      healthy: true,
      response_time: 1.9,
      last_checked: '2025-08-18T10:00:00.000Z',
    },
    events: { status: 'healthy', healthy: true, last_checked: '2025-08-18T10:00:00.000Z' },
    memory: { status: 'healthy', healthy: true, last_checked: '2025-08-18T10:00:00.000Z' },
  },
  metrics: { memory_usage: '78MB', cpu_usage: 12.5, active_connections: 15, queue_size: 10 },
} as const satisfies HealthReport;

const DEGRADED: HealthReport = {
  ...HEALTHY,
  status: 'degraded',
  components: {
    ...HEALTHY.components,
    memory: {
      status: 'degraded',
      healthy: false,
      last_checked: HEALTHY.timestamp,
      message: '87 % of it is in use: new tasks, lists and statistics are refused',
    },
  },
};

const UNHEALTHY: HealthReport = {
  ...HEALTHY,
  status: 'unhealthy',
  database: 'disconnected',
  active_tasks: null,
  components: {
    ...HEALTHY.components,
    database: {
      status: 'unhealthy',
      healthy: false,
      response_time: 3000,
      last_checked: HEALTHY.timestamp,
      message: 'gives no answer',
    },
  },
  metrics: { ...HEALTHY.metrics, queue_size: null },
};

const DATABASE_UP = { process: { status: 'up' }, database: { status: 'up' } };
const STOPPING = { process: { message: 'is stopping', status: 'down' } };

const READY: ProbeReport = { status: 'ok', info: DATABASE_UP, error: {}, details: DATABASE_UP };
const NOT_READY: ProbeReport = {
  status: 'error',
  info: { database: { status: 'up' } },
  error: STOPPING,
  details: { ...DATABASE_UP, ...STOPPING },
};

/** GET /health */
export const HEALTH: EndpointDoc = {
  id: 'getHealth',
  tag,
  summary: 'Tell how the service is',
  description:
    'Asks the database, and looks whether everything goes on that has to go on by itself. Takes no key, and is never limited.',
  isOpen: true,
  answers: () => [
    {
      ...told(200, 'The service works, if degraded not for everybody', HealthReport, HEALTHY),
      examples: { healthy: HEALTHY, degraded: DEGRADED },
    },
    told(
      503,
      'The database gives no answer or takes no writes, or a component has stopped',
      HealthReport,
      UNHEALTHY,
    ),
  ],
};

/** GET /health/live */
export const LIVE: EndpointDoc = {
  id: 'getLiveness',
  tag,
  summary: 'Tell whether the process lives',
  description: 'For Kubernetes: never asks the database.',
  isOpen: true,
  answers: () => [
    told(200, 'The process lives', ProbeReport, { status: 'ok', info: {}, error: {}, details: {} }),
  ],
};

/** GET /health/ready */
export const READINESS: EndpointDoc = {
  id: 'getReadiness',
  tag,
  summary: 'Tell whether requests can be sent here',
  description:
    'For Kubernetes: fails while the database is away, its file is gone, it is being migrated, or the service is stopping.',
  isOpen: true,
  answers: () => [
    told(200, 'Send requests here', ProbeReport, READY),
    told(503, 'Send requests elsewhere', ProbeReport, NOT_READY),
  ],
};

function told(status: number, description: string, type: Type, example: object): AnswerDoc {
  return { status, description, schema: refTo(type), models: [type], examples: { example } };
}
