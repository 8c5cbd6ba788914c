import { eventually } from '../../support/eventually';

/** An event as a reader gets it. */
export interface StreamedEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Follows a stream of events as a browser would, and keeps what came. */
export class EventClient {
  readonly events: StreamedEvent[] = [];
  readonly comments: string[] = [];
  /** The last id that came, with an event or without one. */
  lastId: string | undefined;
  /** How the stream ended; null while it is open. */
  ending: 'ended' | 'cut' | null = null;

  private constructor(
    readonly response: Response,
    private readonly caller: AbortController,
  ) {
    void this.read();
  }

  /** Comes back when the answer has begun. */
  static async open(
    url: string,
    headers: Readonly<Record<string, string>> = {},
    key = 'reader',
  ): Promise<EventClient> {
    const caller = new AbortController();
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${key}`, ...headers },
      signal: caller.signal,
    });
    return new EventClient(response, caller);
  }

  /** Waits until so many events have come, and gives all that have. */
  async until(count: number): Promise<readonly StreamedEvent[]> {
    await eventually(() => Promise.resolve(this.events.length >= count ? true : null));
    return this.events;
  }

  /** Waits for the end of the stream. */
  ended(): Promise<'ended' | 'cut'> {
    return eventually(() => Promise.resolve(this.ending));
  }

  close(): void {
    this.caller.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const chunk of this.response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        blocks.forEach((block) => this.take(block));
      }
      this.ending = 'ended';
    } catch {
      this.ending = 'cut';
    }
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
    this.lastId = fields.get('id') ?? this.lastId;
    const comment = fields.get('');
    if (comment !== undefined) this.comments.push(comment);
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({
      id: fields.get('id'),
      event: fields.get('event'),
      data: JSON.parse(data) as StreamedEvent['data'],
    });
  }
}
