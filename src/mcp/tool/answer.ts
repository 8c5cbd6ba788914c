/** What a tool answers with. */
export interface Answer {
  /** Shown as structured content, and as text. What is null in it is left out. */
  readonly value: object;
  /** The task that it is about, where there is one: what does not fit is to be read there. */
  readonly taskId?: string;
  /** Answered as an error, though it is one of the task and not of the call. */
  readonly isError?: true;
  /** Takes the place of the whole result: the handle of a task that the client follows by itself. */
  readonly handle?: object;
}

/** Answers about no task in particular. */
export function answer(value: object): Answer {
  return { value };
}

/** Answers about one task. */
export function about(taskId: string, value: object): Answer {
  return { value, taskId };
}
