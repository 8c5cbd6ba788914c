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

  /** Events behind a place; `reset` when some between that place and the oldest event kept are gone. */
  async execute({ after, filter }: ReadEventsInput): Promise<EventsRead> {
    const { oldest, newest } = await this.log.bounds();
    const isAhead = after > newest;
    if (isAhead || after + 1 < oldest) return { kind: 'reset', oldest };
    return { kind: 'page', page: await this.log.read(after, LOOKED_AT, filter) };
  }

  /** The last event that happened; a reader that names no place begins behind it. */
  async latest(): Promise<number> {
    return (await this.log.bounds()).newest;
  }
}
