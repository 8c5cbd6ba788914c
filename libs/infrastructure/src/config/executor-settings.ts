import { TASK_RULES } from '@task/domain';
import { line, optional, setting, whole } from './setting';

/** How the service runs tasks itself. */
export const EXECUTOR_SETTINGS = {
  handlersFile: setting({
    name: 'HANDLERS_FILE',
    place: 'executor.handlers_file',
    takes: optional(line({ min: 1, max: 4096 })),
    fallback: null,
    about: 'TOML file with the handlers of tasks that the service itself runs',
  }),
  executorConcurrency: setting({
    name: 'EXECUTOR_CONCURRENCY',
    place: 'executor.concurrency',
    takes: whole({ min: 0, max: 1000 }),
    fallback: 4,
    about: 'Tasks that the service itself runs at a time; 0 runs none',
  }),
  executorMaxQueue: setting({
    name: 'EXECUTOR_MAX_QUEUE',
    place: 'executor.max_queue',
    takes: whole({ min: 1, max: 1_000_000_000 }),
    fallback: 10_000,
    isLive: true,
    about: 'Tasks that wait for the service itself; beyond, POST /tasks answers 503',
  }),
  executorLeaseSeconds: setting({
    name: 'EXECUTOR_LEASE_SECONDS',
    place: 'executor.lease_seconds',
    takes: whole(TASK_RULES.leaseSeconds),
    fallback: 60,
    about:
      'Length of the leases of the service itself, renewed at a third; a cancelled task stops within that third',
  }),
} as const;
