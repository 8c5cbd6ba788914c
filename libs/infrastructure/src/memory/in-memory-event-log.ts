import { EventLog, isIn, type EventFilter, type EventPage } from '@task/application';
import type { InMemoryTaskStore } from './in-memory-task-store';

/** The events of a store in memory. */
export class InMemoryEventLog extends EventLog {
  constructor(private readonly store: InMemoryTaskStore) {
    super();
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    await Promise.resolve();
    const { taskId, commands, statuses, directory: wanted } = filter;
    const rows = this.store
      .eventsOf(taskId)
      .filter(({ event }) => event.eventId > after)
      .slice(0, limit);
    const events = rows
      .filter(({ directory }) => wanted === undefined || isIn(wanted, directory))
      .map(({ event }) => event)
      .filter(({ command }) => commands === undefined || commands.includes(command))
      .filter(({ to }) => statuses === undefined || statuses.includes(to));
    return { events, readTo: rows.at(-1)?.event.eventId ?? after, hasMore: rows.length === limit };
  }

  override async bounds(): Promise<{ oldest: number; newest: number }> {
    await Promise.resolve();
    return this.store.eventBounds;
  }
}
