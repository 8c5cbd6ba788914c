import { hostname } from 'node:os';
import { normalisePath } from '@task/domain';
import { ServiceClient } from '../client/service-client';
import { requireFinishSeconds, requireNumbers } from './checked-settings';
import { ProcessTimers } from './runtime/process-timers';
import type { TaskHandler } from './runtime/task-handler';
import type { WorkEvent } from './runtime/work-event';
import { Worker } from './runtime/worker';
import { HttpSource } from './sources/http-source';

/** What a worker of your own works on, and how. */
export interface WorkerSettings {
  /** Where the service is: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** A key with the role worker; absent where the service asks for none. */
  readonly apiKey?: string | undefined;
  /** Who does the tasks of a type; only these types are claimed. */
  readonly handlers: Readonly<Record<string, TaskHandler>>;
  /** Takes tasks of this directory only: an absolute path. */
  readonly workPath?: string | undefined;
  /** Whether directories below `workPath` count; default false. */
  readonly recursive?: boolean | undefined;
  /** Tasks at a time, from 1; default 4. */
  readonly concurrency?: number | undefined;
  /** Tasks of one directory at a time, in this worker, from 1; default any number. */
  readonly perDirectory?: number | undefined;
  /** Longest time of an attempt, in seconds; default what the task says. */
  readonly timeoutSeconds?: number | undefined;
  /** Length of a lease, 10–86 400 s, renewed at a third of it; default 60. */
  readonly leaseSeconds?: number | undefined;
  /** How long a handler may take to end after its signal was aborted, in seconds; default 10. */
  readonly endSeconds?: number | undefined;
  /** The name to be recorded; default host and process. */
  readonly workerId?: string | undefined;
  /** Told what happens. */
  readonly onEvent?: ((event: WorkEvent) => void) | undefined;
}

/** A worker that works. */
export interface RunningWorker {
  /** Settles when it has stopped, and everything has ended. Rejects when the service refuses it, its key for example. */
  readonly done: Promise<void>;
  /** Tasks in its hands. */
  readonly running: number;
  /**
   * Claims nothing more, lets what runs go on for so long, and gives the rest back.
   * @param finishSeconds 0 or more; default 30
   */
  stop(finishSeconds?: number): Promise<void>;
}

const WAIT_SECONDS = 20;

/**
 * Starts a worker with handlers of your own.
 * @throws RangeError for a number with which it could not work
 */
export function startWorker(settings: WorkerSettings): RunningWorker {
  requireNumbers(settings);
  const { url, apiKey = null } = settings;
  const source = new HttpSource(new ServiceClient({ kind: 'url', url: url.replace(/\/+$/, ''), apiKey }));
  const worker = workerOf(settings, source);
  const done = worker.run().finally(() => source.close());
  return {
    done,
    get running() {
      return worker.running;
    },
    async stop(finishSeconds = 30) {
      requireFinishSeconds(finishSeconds);
      await worker.stop(finishSeconds * 1000);
      await done.catch(() => undefined);
    },
  };
}

function workerOf(settings: WorkerSettings, source: HttpSource): Worker {
  const { handlers, perDirectory, timeoutSeconds } = settings;
  return new Worker({
    source,
    terms: {
      workerId: settings.workerId ?? `${hostname()}-${process.pid}`,
      workPath: settings.workPath,
      recursive: settings.recursive,
      taskTypes: Object.keys(handlers),
      leaseSeconds: settings.leaseSeconds ?? 60,
    },
    handlerFor: (taskType) => ownHandler(handlers, taskType),
    timeoutMsOf: () => (timeoutSeconds === undefined ? null : timeoutSeconds * 1000),
    concurrency: settings.concurrency ?? 4,
    directories: perDirectory === undefined ? null : { perDirectory, nameOf: normalisePath, locks: null },
    waitSeconds: WAIT_SECONDS,
    endMs: (settings.endSeconds ?? 10) * 1000,
    timers: new ProcessTimers(),
    random: Math.random,
    onEvent: settings.onEvent ?? ((): void => undefined),
  });
}

function ownHandler(handlers: WorkerSettings['handlers'], taskType: string): TaskHandler {
  const handler = Object.hasOwn(handlers, taskType) ? handlers[taskType] : undefined;
  if (handler === undefined) throw new Error(`the service handed out a ${taskType}, which was not asked for`);
  return handler;
}
