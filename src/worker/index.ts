export { startWorker, type RunningWorker, type WorkerSettings } from './start-worker';
export {
  AttemptEnded,
  TaskFailure,
  type EndReason,
  type HandlerContext,
  type TaskHandler,
} from './runtime/task-handler';
export type { AttemptOutcome, WorkEvent } from './runtime/work-event';
export type { WorkTask } from './runtime/work-task';
