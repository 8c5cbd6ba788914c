import type { TaskStatus } from '@task/domain';

/** What every door can say about a new task. */
export interface Wish {
  readonly taskType: string;
  readonly kbId: string;
  /** In the words of the four names; a door with fewer takes the nearest below. */
  readonly priority: 'low' | 'normal' | 'high' | 'critical';
  readonly payload: object;
  readonly maxRetries: number;
  readonly timeoutSeconds: number;
  readonly autoRetry: boolean;
  readonly availableAt: string;
}

/** A task as every door must show it, under one set of names: the rows of the mapping table that all doors have. */
export interface Seen extends Omit<Wish, 'priority' | 'availableAt' | 'timeoutSeconds' | 'kbId' | 'payload'> {
  readonly id: string;
  readonly status: TaskStatus;
  /** Of three names: a door that knows a fourth reads it as the highest. */
  readonly band: 'low' | 'medium' | 'high';
  readonly kbId: string | null;
  readonly payload: unknown;
  readonly timeoutSeconds: number | null;
  readonly availableAt: string | null;
  readonly workerId: string | null;
  readonly progress: number;
  readonly progressMessage: string | null;
  readonly result: unknown;
  /** Null where there is none. */
  readonly errorMessage: string | null;
  readonly retryCount: number;
  readonly lastRetryAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly cancelledAt: string | null;
  readonly placeInLine: number;
}

/** A task that a worker holds. */
export interface Held {
  readonly id: string;
  readonly token: string;
  readonly attempt: number;
}

/** A way into the queue. Whoever adds one adds it to `DOORS`, and every case is run with it too. */
export interface Door {
  readonly name: string;
  create(wish: Wish): Promise<string>;
  read(id: string): Promise<Seen>;
  /** The ids of all tasks in a status. */
  list(status: TaskStatus): Promise<readonly string[]>;
  /** The next task of a type. */
  claim(workerId: string, taskType: string): Promise<Held>;
  progress(held: Held, percent: number, message: string): Promise<void>;
  complete(held: Held, result: object): Promise<void>;
  fail(held: Held, errorMessage: string): Promise<void>;
  retry(id: string): Promise<void>;
  /** Gives up a task that waits. */
  cancel(id: string): Promise<void>;
  /** The status with which a completion under a token is refused. */
  refusal(held: Held): Promise<number>;
}
