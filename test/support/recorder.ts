import { StoreUnavailable } from '@task/application';
import { DomainError, type Task } from '@task/domain';

/** What clients do to tasks. Everything else in a history is the service's own doing. */
export const OPERATION_KINDS = ['create', 'claim', 'complete', 'fail', 'cancel', 'retry', 'release'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** What a client asks for. */
export interface Asked {
  readonly kind: OperationKind;
  /** Absent where the service chooses: creations and claims. */
  readonly taskId?: string | undefined;
  /** The token that is shown as proof. */
  readonly token?: string | undefined;
  /** Operations with one key are one operation, repeated: it counts once. */
  readonly key?: string | undefined;
}

/**
 * What the client was told.
 * - ok: it is done. `taskId`, `token`, `attempt` and `leaseEndsAt` (epoch ms) are what was handed out; a claim without
 *   them got nothing.
 * - refused: it was not done, and never will be.
 * - unknown: no answer, or one that leaves it open.
 */
export type Outcome =
  | {
      readonly is: 'ok';
      readonly taskId?: string | undefined;
      readonly token?: string | undefined;
      readonly attempt?: number | undefined;
      readonly leaseEndsAt?: number | undefined;
    }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'unknown'; readonly cause: string };

/** One operation of one client. `start` and `end` are places in the order of all starts and ends. */
export interface Operation extends Asked {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/** How answers and errors of one kind of client are read. */
export interface Reading<T> {
  answer(answer: T): Outcome;
  error(error: unknown): Outcome;
}

/** How answers of one kind of client are read that tell of several operations. */
export interface ReadingOfAll<T> extends Pick<Reading<T>, 'error'> {
  answer(answer: T): readonly Outcome[];
}

/**
 * Writes down what concurrent clients ask for and are told. An operation is in the log from its start on: one that
 * never ends stays unknown.
 *
 * `await recorder.record({ kind: 'claim' }, () => api.claim(), reading)`
 */
export class Recorder {
  private readonly operations: Operation[] = [];
  private ticks = 0;

  get log(): readonly Operation[] {
    return this.operations;
  }

  /** Runs an operation and logs it. Answers or throws what `run` does. */
  record<T>(asked: Asked, run: () => Promise<T>, reading: Reading<NoInfer<T>>): Promise<T> {
    return this.recordAll([asked], run, {
      answer: (answer) => [reading.answer(answer)],
      error: (error) => reading.error(error),
    });
  }

  /** The same for one request that does several things; where it tells of fewer than were asked for, the rest is done. */
  async recordAll<T>(
    asked: readonly Asked[],
    run: () => Promise<T>,
    reading: ReadingOfAll<NoInfer<T>>,
  ): Promise<T> {
    const first = this.operations.length;
    const start = this.tick();
    const settle = (end: number, outcomeOf: (index: number) => Outcome): void => {
      for (const [index, each] of asked.entries()) {
        this.operations[first + index] = { ...each, start, end, outcome: outcomeOf(index) };
      }
    };
    settle(Number.POSITIVE_INFINITY, () => ({ is: 'unknown', cause: 'still running' }));
    try {
      const answer = await run();
      const told = reading.answer(answer);
      settle(this.tick(), (index) => told[index] ?? { is: 'ok' });
      return answer;
    } catch (error) {
      settle(this.tick(), () => reading.error(error));
      throw error;
    }
  }

  private tick(): number {
    this.ticks += 1;
    return this.ticks;
  }
}

/** Reads what the port of the store answers: a task, or null for a claim that found none. */
export const PORT_READING: Reading<Task | null> = {
  answer: (task) => ({
    is: 'ok',
    taskId: task?.id,
    token: task?.state.lease?.token,
    attempt: task?.state.lease?.attempt,
    leaseEndsAt: task?.state.lease?.expiresAt,
  }),
  error: (error) => {
    if (error instanceof DomainError) return { is: 'refused', code: error.code };
    if (error instanceof StoreUnavailable && error.fault !== 'unknown')
      return { is: 'refused', code: error.fault };
    return { is: 'unknown', cause: String(error) };
  },
};
