import { TaskArchived, TaskNotFound, type EpochMs, type Task } from '@task/domain';
import type { UpdateCommand } from '../commands';
import type { ArchivedTask } from './archive-tables';

/**
 * What an archived task answers to a write: it refuses what its state refuses, tells again what was done already, and
 * refuses all else.
 * @param archived undefined where there is no such task either
 * @throws TaskNotFound, TaskArchived, or the refusal of the task itself
 */
export function unchangedTask(
  archived: ArchivedTask | undefined,
  { id, decide }: UpdateCommand,
  now: EpochMs,
): Task {
  if (archived === undefined) throw new TaskNotFound(id);
  const { task, effects } = decide(archived.task, now);
  if (task === archived.task) return task;
  throw new TaskArchived(id, archived.task.status, effects[0]?.command ?? 'renew');
}
