import type { WorkTask } from './work-task';

/** What a handler can do beside its work. */
export interface HandlerContext {
  /**
   * Aborted when the work is not wanted any more; its reason is an {@link AttemptEnded}. A handler that does not end
   * soon after is left alone, and what it returns is not used.
   */
  readonly signal: AbortSignal;
  /** Tells how far the work is, 0–100, and what is being done. Returns at once; sent when there is time. */
  progress(percent: number, message?: string): void;
}

/**
 * Does the work of a task. What it returns is the result: a JSON object is stored as it is, anything else as
 * `{"output": …}`; an object with `"status": "failed"` is a failure, with its `error`. What it throws makes the attempt fail; a {@link TaskFailure} says whether trying again can help.
 */
export type TaskHandler = (task: WorkTask, context: HandlerContext) => unknown;

/** A failure of which the handler knows more than its message. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  /** Whether trying again can help; false ends automatic retries. */
  readonly retryable: boolean;
  /** What is kept of the attempt: a JSON object, or nothing. */
  readonly result: object | undefined;
  /** The message without what others have written, who may have repeated the prompt: all that is logged. */
  readonly summary: string;

  constructor(
    message: string,
    {
      retryable = true,
      result,
      summary = message,
    }: { readonly retryable?: boolean; readonly result?: object; readonly summary?: string } = {},
  ) {
    super(message);
    this.retryable = retryable;
    this.result = result;
    this.summary = summary;
  }
}

/**
 * Why work is not wanted any more.
 * - timed_out: its time is over
 * - cancelled: somebody has cancelled the task
 * - lost: the lease is over, and somebody else may have the task
 * - stopping: the worker stops, and gives the task back
 */
export type EndReason = 'timed_out' | 'cancelled' | 'lost' | 'stopping';

/** The reason of an aborted {@link HandlerContext.signal}. */
export class AttemptEnded extends Error {
  override readonly name = 'AttemptEnded';

  constructor(
    readonly kind: EndReason,
    message: string,
  ) {
    super(message);
  }
}
