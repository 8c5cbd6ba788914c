import { Inject, Injectable } from '@nestjs/common';
import { StoreUnavailable, Timers } from '@task/application';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, Lifecycle, type HttpSettings } from '../../service-core';
import { exchangeOf } from '../exchange/exchange';
import { Refusal } from '../failures/refusal';
import { Standing } from '../access/standing';
import { EventAlarm } from './event-alarm';
import { EventReader } from './event-reader';
import { EventStream, type EventSources, type EventStreamRequest } from './event-stream';
import { SharedReads } from './shared-reads';

const BEAT_MS = 15_000;
/** What a reader gets to take what is left when its stream ends, ms. */
const LAST_WORDS_MS = 1_000;
const RETRY_AFTER_SECONDS = 5;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would collect events in place of passing them on.
  'X-Accel-Buffering': 'no',
} as const;

/** The streams of events that are open: no more than a bound, kept alive by one beat, and ended when the service stops. */
@Injectable()
export class EventStreams {
  private readonly streams = new Map<EventStream, Request>();
  private readonly sources: EventSources;
  private isBeating = false;

  constructor(
    reads: SharedReads,
    alarm: EventAlarm,
    private readonly timers: Timers,
    private readonly lifecycle: Lifecycle,
    private readonly standing: Standing,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {
    this.sources = { reads, alarm, timers };
    lifecycle.draining.addEventListener('abort', () => {
      for (const stream of this.streams.keys()) stream.end();
    });
  }

  /** How many are open. */
  get count(): number {
    return this.streams.size;
  }

  /** Answers with events until the reader hangs up or the service stops. @throws Refusal of one too many */
  async serve(request: Request, response: Response, asked: EventStreamRequest): Promise<void> {
    this.requireRoom();
    const stream = new EventStream(new EventReader(response), asked, this.sources);
    this.streams.set(stream, request);
    try {
      await stream.begin();
      response.writeHead(200, HEADERS).flushHeaders();
      exchangeOf(request).liftDeadline();
      this.keepBeating();
      if (request.method !== 'HEAD') await stream.run();
      this.close(response);
    } finally {
      this.streams.delete(stream);
    }
  }

  private requireRoom(): void {
    if (this.lifecycle.isDraining) throw new StoreUnavailable('closing');
    const { maxEventStreams } = this.settings;
    if (this.streams.size < maxEventStreams) return;
    throw new Refusal(
      'too_many_streams',
      { max_streams: maxEventStreams, retry_after_seconds: RETRY_AFTER_SECONDS },
      { 'Retry-After': String(RETRY_AFTER_SECONDS) },
    );
  }

  private close(response: Response): void {
    if (response.destroyed) return;
    const giveUp = this.timers.after(LAST_WORDS_MS, () => response.destroy());
    response.once('close', giveUp);
    response.end();
  }

  private keepBeating(): void {
    if (this.isBeating || this.streams.size === 0) return;
    this.isBeating = true;
    this.timers.after(BEAT_MS, () => {
      this.isBeating = false;
      for (const [stream, request] of this.streams) void this.beat(stream, request);
      this.keepBeating();
    });
  }

  /** A stream can be open for days: whoever would not be let in any more is not told on. */
  private async beat(stream: EventStream, request: Request): Promise<void> {
    if (await this.standing.mayGoOn(request, 'reader')) stream.beat();
    else stream.end();
  }
}
