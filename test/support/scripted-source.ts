import type { WorkTask } from '../../src/worker/runtime/work-task';
import type { ManualTimers } from './manual-timers';

/** A task as a worker gets it. */
export function workTask(changes: Partial<WorkTask> = {}): WorkTask {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    taskType: 'agent_prompt',
    prompt: 'write the release notes',
    workDirectory: null,
    payload: null,
    priority: 'medium',
    tags: [],
    metadata: {},
    attempt: 1,
    retryCount: 0,
    timeoutSeconds: null,
    dependencies: [],
    ...changes,
  };
}

interface Held {
  readonly task: WorkTask;
  readonly leaseToken: string;
}

/** Something that a worker asked of the queue, and when. */
export interface Asked {
  readonly what: 'claim' | 'heartbeat' | 'progress' | 'complete' | 'fail' | 'release';
  readonly at: number;
  readonly id: string | null;
  readonly with: unknown;
}

/** A queue that hands out what a test puts in, takes down what it is asked, and fails when the test says so. */
export class ScriptedSource {
  readonly asked: Asked[] = [];
  /** Thrown by whatever it is asked, while it is there. */
  failure: ((asked: Asked) => Error | null) | null = null;
  /** Whether claims wait for work, as those of a service do. */
  waits = true;
  private readonly queue: WorkTask[] = [];
  private wake: () => void = () => undefined;

  constructor(private readonly timers: ManualTimers) {}

  put(...tasks: readonly WorkTask[]): void {
    this.queue.push(...tasks);
    this.wake();
  }

  /** What was asked of this kind. */
  of(what: Asked['what']): readonly Asked[] {
    return this.asked.filter((asked) => asked.what === what);
  }

  async claim(
    request: { readonly limit: number; readonly waitSeconds: number },
    signal: AbortSignal,
  ): Promise<readonly Held[]> {
    this.note('claim', null, request.limit);
    if (this.queue.length === 0 && this.waits) await this.work(request.waitSeconds * 1000, signal);
    signal.throwIfAborted();
    return this.queue.splice(0, request.limit).map((task) => ({ task, leaseToken: `token of ${task.id}` }));
  }

  heartbeat({ task }: Held): Promise<void> {
    return this.told('heartbeat', task, null);
  }

  progress({ task }: Held, report: object): Promise<void> {
    return this.told('progress', task, report);
  }

  complete({ task }: Held, result: object | undefined): Promise<void> {
    return this.told('complete', task, result);
  }

  fail({ task }: Held, failure: object): Promise<void> {
    return this.told('fail', task, failure);
  }

  release({ task }: Held, reason: string): Promise<void> {
    return this.told('release', task, reason);
  }

  close(): void {
    this.failure = null;
  }

  private async told(what: Asked['what'], { id }: WorkTask, said: unknown): Promise<void> {
    this.note(what, id, said);
  }

  private note(what: Asked['what'], id: string | null, said: unknown): void {
    const asked = { what, at: this.timers.monotonic(), id, with: said };
    this.asked.push(asked);
    const failure = this.failure?.(asked) ?? null;
    if (failure !== null) throw failure;
  }

  private work(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.timers.after(ms, end);
      this.wake = end;
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
