import { randomUUID } from 'node:crypto';
import { ServiceRefusal, ServiceUnreachable } from '../../client/client-failures';
import type { ServiceClient } from '../../client/service-client';
import {
  HoldEnded,
  SourceAway,
  SourceRefused,
  type ClaimRequest,
  type FailureReport,
  type Hold,
  type ProgressReport,
  type WorkSource,
} from '../runtime/work-source';

const ANSWER_MS = 10_000;
const TASKS = '/api/v1/tasks';

interface ClaimedAnswer {
  readonly tasks: readonly {
    readonly task_id: string;
    readonly task_type: string;
    readonly prompt: string | null;
    readonly work_directory: string | null;
    readonly payload: unknown;
    readonly priority: string;
    readonly tags: readonly string[];
    readonly metadata: unknown;
    readonly attempt: number;
    readonly retry_count: number;
    readonly timeout_seconds: number | null;
    readonly lease_token: string;
    readonly dependencies: readonly {
      readonly task_id: string;
      readonly status: string;
      readonly result: unknown;
      readonly cut?: object;
    }[];
  }[];
}

interface Claim {
  readonly body: object;
  readonly key: string;
}

/** The queue of a service that runs somewhere else. */
export class HttpSource implements WorkSource {
  /** A claim whose answer got lost: asked again word for word, it gets what it got then. */
  private unanswered: Claim | null = null;

  constructor(private readonly client: ServiceClient) {}

  async claim(request: ClaimRequest, signal: AbortSignal): Promise<readonly Hold[]> {
    const isRepeat = this.unanswered !== null;
    const claim = this.unanswered ?? { body: bodyOf(request), key: randomUUID() };
    this.unanswered = claim;
    try {
      const answer = await this.client.ask<ClaimedAnswer>('POST', `${TASKS}/claim`, {
        body: claim.body,
        headers: { 'Idempotency-Key': claim.key },
        signal,
        timeoutMs: request.waitSeconds * 1000 + ANSWER_MS,
      });
      const holds = answer.tasks.map(holdOf);
      const mine = isRepeat ? await this.renewed(holds) : holds;
      this.unanswered = null;
      return mine;
    } catch (error) {
      const failure = failureOf(error);
      if (failure instanceof SourceRefused) this.unanswered = null;
      throw failure;
    }
  }

  /** Those that are still in these hands: of leases that began with a claim some time ago, nobody knows how much is left. */
  private async renewed(holds: readonly Hold[]): Promise<readonly Hold[]> {
    const ends = await Promise.all(
      holds.map((hold) =>
        this.heartbeat(hold).then(
          () => [hold],
          (error: unknown) => noneIfEnded(error),
        ),
      ),
    );
    return ends.flat();
  }

  heartbeat(hold: Hold): Promise<void> {
    return this.tell(hold, 'heartbeat', {});
  }

  progress(hold: Hold, report: ProgressReport): Promise<void> {
    return this.tell(hold, 'progress', report);
  }

  complete(hold: Hold, result: object | undefined): Promise<void> {
    return this.tell(hold, 'complete', { result });
  }

  fail(hold: Hold, { message, retryable, result }: FailureReport): Promise<void> {
    return this.tell(hold, 'fail', { error_message: message, retryable, result });
  }

  release(hold: Hold, reason: string): Promise<void> {
    return this.tell(hold, 'release', { reason });
  }

  close(): void {
    this.client.close();
  }

  private async tell({ task, leaseToken }: Hold, what: string, body: object): Promise<void> {
    try {
      await this.client.ask('POST', `${TASKS}/${task.id}/${what}`, {
        body: { ...body, lease_token: leaseToken },
        timeoutMs: ANSWER_MS,
      });
    } catch (error) {
      throw endOfHold(error) ?? failureOf(error);
    }
  }
}

function bodyOf(request: ClaimRequest): object {
  return {
    worker_id: request.workerId,
    work_path: request.workPath,
    recursive: request.recursive,
    task_types: request.taskTypes,
    lease_seconds: request.leaseSeconds,
    limit: request.limit,
    wait: request.waitSeconds,
  };
}

function holdOf(task: ClaimedAnswer['tasks'][number]): Hold {
  return {
    leaseToken: task.lease_token,
    task: {
      id: task.task_id,
      taskType: task.task_type,
      prompt: task.prompt,
      workDirectory: task.work_directory,
      payload: task.payload,
      priority: task.priority,
      tags: task.tags,
      metadata: task.metadata,
      attempt: task.attempt,
      retryCount: task.retry_count,
      timeoutSeconds: task.timeout_seconds,
      dependencies: task.dependencies.map(({ task_id: id, status, result, cut }) => ({
        ...{ id, status, result },
        isCut: cut !== undefined,
      })),
    },
  };
}

function noneIfEnded(error: unknown): readonly Hold[] {
  if (error instanceof HoldEnded) return [];
  throw error;
}

/** The answers that tell a worker that the task is not its own any more. */
function endOfHold(error: unknown): HoldEnded | null {
  if (!(error instanceof ServiceRefusal)) return null;
  const { code } = (error.details ?? {}) as { readonly code?: unknown };
  if (error.status === 409 && code === 'CANCELLED')
    return new HoldEnded('cancelled', 'the task was cancelled', { cause: error });
  const isOver = error.status === 409 || (error.status === 404 && error.code === 'NOT_FOUND');
  return isOver ? new HoldEnded('lost', error.message, { cause: error }) : null;
}

function failureOf(error: unknown): unknown {
  if (error instanceof ServiceUnreachable) return new SourceAway(error.message, null, { cause: error });
  if (!(error instanceof ServiceRefusal)) return error;
  const { status, code, message, retryAfterSeconds } = error;
  if (status >= 500 || status === 429 || status === 409) {
    const retryAfterMs = retryAfterSeconds === null ? null : retryAfterSeconds * 1000;
    return new SourceAway(`${message} (${code})`, retryAfterMs, { cause: error });
  }
  return new SourceRefused(`${message} (${code})`, status === 401 || status === 403, { cause: error });
}
