import type { WorkTask } from './work-task';

/** Which tasks a worker claims, and on what terms. */
export interface ClaimTerms {
  /** Recorded as the holder's name: 1–100 printable characters. */
  readonly workerId: string;
  /** Takes tasks of this directory; absent takes any. */
  readonly workPath?: string | undefined;
  /** Whether directories below `workPath` count. */
  readonly recursive?: boolean | undefined;
  /** Takes tasks of these types; absent takes any. */
  readonly taskTypes?: readonly string[] | undefined;
  /** Length of the lease: 10–86 400. */
  readonly leaseSeconds: number;
}

/** A claim: 1–100 tasks, for which it waits 0–25 s when there are none. */
export interface ClaimRequest extends ClaimTerms {
  readonly limit: number;
  readonly waitSeconds: number;
}

/** A task in the hands of this worker. */
export interface Hold {
  readonly task: WorkTask;
  /** The fencing token: what is said about the task counts only with it. */
  readonly leaseToken: string;
}

/** How far a handler is. */
export interface ProgressReport {
  /** 0–100. */
  readonly progress: number;
  /** Absent leaves the last one. */
  readonly message?: string | undefined;
}

/** Why an attempt failed. */
export interface FailureReport {
  readonly message: string;
  readonly retryable: boolean;
  readonly result?: object | undefined;
}

/**
 * The queue that a worker works on. Nothing is repeated in here: the worker decides when to ask again.
 * @throws SourceAway from every method: repeat later
 * @throws SourceRefused from every method: repeating does not help
 * @throws HoldEnded from the methods of a hold
 */
export interface WorkSource {
  /** Claims tasks, most urgent first; empty when none came in time. The signal ends the wait, with its reason. */
  claim(request: ClaimRequest, signal: AbortSignal): Promise<readonly Hold[]>;
  /** Renews the lease by its length. */
  heartbeat(hold: Hold): Promise<void>;
  /** Renews the lease by its length, and tells how far the work is. */
  progress(hold: Hold, report: ProgressReport): Promise<void>;
  /** Ends the attempt well. The same again changes nothing, and is fine. */
  complete(hold: Hold, result: object | undefined): Promise<void>;
  /** Ends the attempt badly. The same again changes nothing, and is fine. */
  fail(hold: Hold, failure: FailureReport): Promise<void>;
  /** Gives the task back: claimable at once, no retry counted. */
  release(hold: Hold, reason: string): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}

/** The queue gave no answer, or none that says what became of the request. */
export class SourceAway extends Error {
  override readonly name = 'SourceAway';

  constructor(
    message: string,
    /** When the queue wants to be asked again; null where it does not say. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The queue does not take the request, whoever repeats it. */
export class SourceRefused extends Error {
  override readonly name = 'SourceRefused';

  constructor(
    message: string,
    /** Whether it is the worker that is refused (its key, its role), not only what it said. */
    readonly isAboutWorker: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The task is not in this worker's hands any more. */
export class HoldEnded extends Error {
  override readonly name = 'HoldEnded';

  constructor(
    readonly kind: 'cancelled' | 'lost',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
