import { Injectable } from '@nestjs/common';
import { ReadEvents, type EventsRead, type ReadEventsInput } from '@task/application';

/** Reads the log once for all readers that ask the same at the same time: those who wait at its end, above all. */
@Injectable()
export class SharedReads {
  private readonly running = new Map<string, Promise<EventsRead>>();

  constructor(private readonly events: ReadEvents) {}

  /** The last event that happened. */
  latest(): Promise<number> {
    return this.events.latest();
  }

  /** @param round until when events were written that the answer must have: an older read that still runs may not */
  read(input: ReadEventsInput, round: number): Promise<EventsRead> {
    const asked = JSON.stringify([round, input]);
    const running = this.running.get(asked);
    if (running !== undefined) return running;
    const read = this.events.execute(input).finally(() => this.running.delete(asked));
    this.running.set(asked, read);
    return read;
  }
}
