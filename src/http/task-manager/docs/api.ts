import { ERROR_ANSWER } from './answers';

/** What the documentation of this dialect says about all of it. */
export const TASK_MANAGER_API = {
  title: 'Task manager',
  description:
    'The queue of a knowledge base: documents are filed to be processed, and workers claim them, report their ' +
    'progress and return results. The paths are served on a port of their own, and under /task-manager beside ' +
    'everything else.',
  tags: {
    tasks: 'Filing tasks, giving them up, and looking at them',
    workers: 'Claiming tasks, and reporting on them',
    statistics: 'How the queue is doing, and who works on it',
    health: 'How the service is',
  },
  errorAnswer: ERROR_ANSWER,
} as const;
