import type { HistoryEntry } from '@task/application';
import { TaskArchived, type Decision, type Task } from '@task/domain';
import type { StoredTask } from './stored-task';

/** An event, and the directory of its task. */
export interface PlacedEvent {
  readonly event: HistoryEntry;
  readonly directory: string | null;
}

/** Tasks that a store in memory has archived. */
export class ArchivedTasks {
  private readonly byId = new Map<string, StoredTask>();
  private lastEventId = 0;

  /** In the order in which they were archived. */
  get rows(): readonly StoredTask[] {
    return [...this.byId.values()];
  }

  /** @param id in lower case */
  get(id: string): StoredTask | undefined {
    return this.byId.get(id);
  }

  add(rows: readonly StoredTask[]): void {
    for (const row of rows) {
      this.byId.set(row.task.id, row);
      this.lastEventId = Math.max(this.lastEventId, row.history.at(-1)?.eventId ?? 0);
    }
  }

  /** @throws TaskArchived for what would change an archived task */
  requireUnchanged(task: Task, decision: Decision): void {
    if (!this.byId.has(task.id) || decision.task === task) return;
    throw new TaskArchived(task.id, task.status, decision.effects[0]?.command ?? 'renew');
  }

  /** From where on a log that ends there is whole, 0 where nothing is left of it; and its end. */
  boundsOf(newest: number): { readonly oldest: number; readonly newest: number } {
    return { oldest: this.lastEventId < newest ? this.lastEventId + 1 : 0, newest };
  }
}

/** The events of tasks, oldest first. */
export function eventsOf(rows: readonly StoredTask[]): readonly PlacedEvent[] {
  return rows
    .flatMap(({ history, directory }) => history.map((event) => ({ event, directory })))
    .sort((left, right) => left.event.eventId - right.event.eventId);
}
