import { EventLog, type EventFilter, type EventPage } from '@task/application';
import { ask, type FaultOf } from './ask';
import { isUuid } from './uuid-text';

/** A database's event log, which is asked only what it can answer, and tells in the port's words when it cannot. */
export class GuardedEventLog extends EventLog {
  constructor(
    private readonly log: EventLog,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const { taskId } = filter;
    if (taskId === undefined) return ask(this.log.read(after, limit, filter), this.faultOf);
    if (!isUuid(taskId)) return { events: [], readTo: after, hasMore: false };
    return ask(this.log.read(after, limit, { ...filter, taskId: taskId.toLowerCase() }), this.faultOf);
  }

  override bounds(): Promise<{ oldest: number; newest: number }> {
    return ask(this.log.bounds(), this.faultOf);
  }
}
