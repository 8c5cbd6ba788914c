import {
  StoreUnavailable,
  type EventFilter,
  type EventsRead,
  type HistoryEntry,
  type Timers,
} from '@task/application';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventAlarm } from './event-alarm';
import type { EventReader } from './event-reader';
import { keepAliveText, resetText } from './event-text';
import type { SharedReads } from './shared-reads';

/** Which events somebody follows, and from where on. */
export interface EventStreamRequest {
  /** The last event that the reader has; or begins behind the latest, or with the oldest that is kept. */
  readonly after: number | 'latest' | 'beginning';
  readonly filter: EventFilter;
  /** How an event is written. */
  readonly textOf: (event: HistoryEntry) => string;
}

/** What streams of one service have in common. */
export interface EventSources {
  readonly reads: SharedReads;
  readonly alarm: EventAlarm;
  readonly timers: Timers;
}

/** Characters that are written at once. */
const PIECE = 16 * 1024;
/** When the store is asked again after it gave no answer, ms. */
const STORE_AWAY_MS = 1_000;

/** Tells one reader all events that it wants, in order, from a place in the log on. */
export class EventStream {
  private place = 0;
  private namesPlace = true;

  constructor(
    private readonly reader: EventReader,
    private readonly request: EventStreamRequest,
    private readonly sources: EventSources,
  ) {}

  /** Finds the place to begin. Whatever happens from then on is told. */
  async begin(): Promise<void> {
    const { after } = this.request;
    this.namesPlace = after !== 'beginning';
    if (after === 'latest') this.place = await this.sources.reads.latest();
    else this.place = after === 'beginning' ? 0 : after;
  }

  /** Tells events until there is nobody to tell them to. */
  async run(): Promise<void> {
    const { alarm } = this.sources;
    while (this.reader.isThere) {
      const { round } = alarm;
      const read = await this.read(round);
      if (read === null) continue;
      const hasMore = await this.tell(read);
      // A log that is read to its end in many pages must not keep everybody else waiting.
      if (hasMore) await turn();
      else await this.reader.sleep((wake) => alarm.wake(round, wake));
    }
  }

  /** Shows that the stream lives. */
  beat(): void {
    this.reader.beat(keepAliveText(this.place));
  }

  end(): void {
    this.reader.end();
  }

  private async read(round: number): Promise<EventsRead | null> {
    try {
      const { filter } = this.request;
      return await this.sources.reads.read({ after: this.place, filter }, round);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await this.reader.sleep((wake) => this.sources.timers.after(STORE_AWAY_MS, wake));
      return null;
    }
  }

  /** @returns whether the log goes on */
  private async tell(read: EventsRead): Promise<boolean> {
    if (read.kind === 'reset') {
      this.place = Math.max(0, read.oldest - 1);
      if (this.namesPlace) await this.reader.write(resetText(this.place, read.oldest));
      return true;
    }
    const { events, readTo, hasMore } = read.page;
    await this.write(events);
    this.place = readTo;
    return hasMore;
  }

  private async write(events: readonly HistoryEntry[]): Promise<void> {
    let piece = '';
    for (const event of events) {
      piece += this.request.textOf(event);
      this.place = event.eventId;
      if (piece.length < PIECE) continue;
      await this.reader.write(piece);
      if (!this.reader.isThere) return;
      piece = '';
    }
    if (piece !== '') await this.reader.write(piece);
  }
}
