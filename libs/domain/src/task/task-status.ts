/** Where a task can be. Order of the list is the order in which `sort_by=status` sorts. */
export const TASK_STATUSES = ['waiting', 'working', 'completed', 'failed', 'cancelled'] as const;

/** One of {@link TASK_STATUSES}. */
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** What can be done to a task, creation included. Each names one row of the history. */
export const TASK_COMMANDS = [
  'create',
  'claim',
  'complete',
  'fail',
  'cancel',
  'release',
  'expire',
  'time_out',
  'retry',
] as const;

/** One of {@link TASK_COMMANDS}. */
export type TaskCommand = (typeof TASK_COMMANDS)[number];

type Moves = Partial<Record<Exclude<TaskCommand, 'create'>, readonly TaskStatus[]>>;

/**
 * The whole state machine: from a status, by a command, to one of the listed ones (two where the retries that are
 * left decide). What is not listed is a conflict. Source: behaviour.md 2.
 *
 * - waiting: a worker's claim moves it on, or a cancel ends it.
 * - working: its worker, its lease's end, its time-out or a forced cancel moves it on.
 * - failed: a retry brings it back, a forced cancel gives it up for good.
 * - completed, cancelled: final.
 */
export const TRANSITIONS = {
  waiting: { claim: ['working'], cancel: ['cancelled'] },
  working: {
    complete: ['completed'],
    fail: ['failed', 'waiting'],
    cancel: ['cancelled'],
    release: ['waiting'],
    expire: ['waiting', 'failed'],
    time_out: ['failed', 'waiting'],
  },
  completed: {},
  failed: { retry: ['waiting'], cancel: ['cancelled'] },
  cancelled: {},
} as const satisfies Record<TaskStatus, Moves>;

/** Whether the table lets `command` take a task from `from` to `to`; `from` is null only for a creation. */
export function isTransition(from: TaskStatus | null, command: TaskCommand, to: TaskStatus): boolean {
  if (from === null || command === 'create') return from === null && command === 'create' && to === 'waiting';
  const moves: Moves = TRANSITIONS[from];
  return moves[command]?.includes(to) ?? false;
}

/** Whether no command can move a task on from here. */
export function isFinal(status: TaskStatus): boolean {
  return Object.keys(TRANSITIONS[status]).length === 0;
}
