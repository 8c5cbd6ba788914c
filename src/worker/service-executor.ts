import { hostname } from 'node:os';
import { Executor } from '@task/application';
import type { RegisteredHandler } from './handlers-file/handler-set';
import { logWork, type WorkLog } from './log-work';
import { ProcessTimers } from './runtime/process-timers';
import { TaskFailure, type TaskHandler } from './runtime/task-handler';
import { Worker } from './runtime/worker';
import { InProcessSource, type InProcessPorts } from './sources/in-process-source';

/** How much the operator lets the service do by itself. */
export interface ExecutorSettings {
  /** Tasks at a time; 0 for none. */
  readonly executorConcurrency: number;
  readonly executorMaxQueue: number;
  readonly executorLeaseSeconds: number;
}

/** What the service does by itself, as its operator has set it up. */
export class ServiceExecutor extends Executor {
  private worker: Worker | null = null;

  constructor(
    private readonly handlers: ReadonlyMap<string, RegisteredHandler>,
    private readonly settings: ExecutorSettings,
    private readonly log: WorkLog,
  ) {
    super();
  }

  override get taskTypes(): readonly string[] {
    return this.settings.executorConcurrency === 0 ? [] : [...this.handlers.keys()];
  }

  override get maxWaiting(): number {
    return this.settings.executorMaxQueue;
  }

  /** Begins to work. @param onFailure told should it break, which nobody foresaw */
  start(ports: InProcessPorts, onFailure: (error: unknown) => void): void {
    const { executorConcurrency: concurrency, executorLeaseSeconds: leaseSeconds } = this.settings;
    if (concurrency === 0) return;
    this.worker = new Worker({
      source: new InProcessSource(ports, 'executor'),
      terms: { workerId: `executor-${hostname()}-${process.pid}`, taskTypes: this.taskTypes, leaseSeconds },
      handlerFor: (taskType) => this.handlers.get(taskType)?.handle ?? nobody,
      timeoutMsOf: (taskType) => this.handlers.get(taskType)?.timeoutMs ?? null,
      concurrency,
      directories: null,
      waitSeconds: WAIT_SECONDS,
      endMs: END_MS,
      timers: new ProcessTimers(),
      random: Math.random,
      onEvent: (event) => logWork(this.log, event),
    });
    this.worker.run().catch(onFailure);
  }

  /** Lets what runs go on for so long, and gives the rest back. */
  async stop(finishMs: number): Promise<void> {
    await this.worker?.stop(finishMs);
  }
}

const WAIT_SECONDS = 25;
/** The longest grace of a command, and what the kernel may take to end it. */
const END_MS = 70_000;

/** Never asked: a claim names the types that there are handlers for. */
const nobody: TaskHandler = ({ taskType }) => {
  throw new TaskFailure(`nobody handles ${taskType}`, { retryable: false });
};
