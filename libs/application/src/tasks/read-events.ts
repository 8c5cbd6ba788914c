import type { EventFilter, EventLog, EventPage } from '../ports/event-log';

/** Where a reader is, and what it wants. */
export interface ReadEventsInput {
  /** The last event it has; 0 for none. */
  readonly after: number;
  readonly filter: EventFilter;
}

/** A page of events, or the news that the reader has missed some for good. */
export type EventsRead =
  { readonly kind: 'page'; readonly page: EventPage } | { readonly kind: 'reset'; readonly oldest: number };

const LOOKED_AT = 500;

/** Reads the log of events in commit order, without loss or repeat. */
export class ReadEvents {
  constructor(private readonly log: EventLog) {}

  /**
   * Events behind a place; `reset` when some that the reader may have wanted are gone between that place and the
   * oldest event kept, or when no event has that place yet.
   */
  async execute({ after, filter }: ReadEventsInput): Promise<EventsRead> {
    // Read first: what is archived meanwhile is missing in the page, or the page has it.
    const page = await this.log.read(after, LOOKED_AT, filter);
    const { oldest, newest } = await this.kept();
    const isCutOff = after + 1 < oldest && !(await this.keepsAllOf(filter));
    return after > newest || isCutOff ? { kind: 'reset', oldest } : { kind: 'page', page };
  }

  /** The last event that happened; a reader that names no place begins behind it. */
  async latest(): Promise<number> {
    return (await this.log.bounds()).newest;
  }

  /** Where nothing is kept any more, the next event will be the oldest. */
  private async kept(): Promise<{ oldest: number; newest: number }> {
    const { oldest, newest } = await this.log.bounds();
    return { oldest: oldest === 0 && newest > 0 ? newest + 1 : oldest, newest };
  }

  /** The log of one task is whole as long as its creation is kept, whatever has gone of others. */
  private async keepsAllOf({ taskId }: EventFilter): Promise<boolean> {
    if (taskId === undefined) return false;
    const [first] = (await this.log.read(0, 1, { taskId })).events;
    return first?.command === 'create';
  }
}
