import { oneOf, type Rule, type TaskStatus } from '@task/domain';

/** What the statuses are called here. Source: behaviour.md 1. */
const NAMES = {
  waiting: 'queued',
  working: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<TaskStatus, string>;

/** A status as this dialect names it. */
export type StatusName = (typeof NAMES)[TaskStatus];

/** What a status can be called here. */
export const STATUS_NAME: Rule = oneOf(Object.values(NAMES));

/** The name of a status. */
export function statusNameOf(status: TaskStatus): StatusName {
  return NAMES[status];
}

/** The status that a name means. */
export function statusNamed(name: StatusName): TaskStatus {
  const found = Object.entries(NAMES).find(([, own]) => own === name);
  if (found === undefined) throw new Error(`no status is called ${name}`);
  return found[0] as TaskStatus;
}
