/** What came of a task that another one depended on. */
export interface WorkDependency {
  readonly id: string;
  /** `completed`, unless the other one runs whatever became of it. */
  readonly status: string;
  /** Any JSON; null where it brought nothing, and where it is cut. */
  readonly result: unknown;
  /** Whether the result was too large to come along; the task itself has it. */
  readonly isCut: boolean;
}

/** A task as a handler gets it; the lease and its token stay with the worker. */
export interface WorkTask {
  /** UUID. */
  readonly id: string;
  readonly taskType: string;
  readonly prompt: string | null;
  /** Absolute, as its creator wrote it. */
  readonly workDirectory: string | null;
  /** The creator's parameters: a JSON object, or null. */
  readonly payload: unknown;
  /** `low`, `medium` or `high`. */
  readonly priority: string;
  readonly tags: readonly string[];
  /** The creator's notes: a JSON object. */
  readonly metadata: unknown;
  /** Claims made of it, this one included. */
  readonly attempt: number;
  /** Retries made so far. */
  readonly retryCount: number;
  /** How long this attempt may take, from its claim. */
  readonly timeoutSeconds: number | null;
  /** In order of arrival; empty when it depended on none. */
  readonly dependencies: readonly WorkDependency[];
}

/** The task as JSON for handlers outside of this process, in the names of the REST API. */
export function taskAsJson(task: WorkTask): object {
  return {
    task_id: task.id,
    task_type: task.taskType,
    prompt: task.prompt,
    work_directory: task.workDirectory,
    payload: task.payload,
    priority: task.priority,
    tags: task.tags,
    metadata: task.metadata,
    attempt: task.attempt,
    retry_count: task.retryCount,
    timeout_seconds: task.timeoutSeconds,
    dependencies: task.dependencies.map(({ id, status, result, isCut }) => ({
      ...{ task_id: id, status, result },
      ...(isCut && { cut: true }),
    })),
  };
}
