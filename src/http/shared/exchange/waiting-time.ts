import { Inject, Injectable } from '@nestjs/common';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';

/** What is left of a request's time for the claim itself, ms. */
const MARGIN_MS = 1_000;

/** How long a claim may wait for work. */
@Injectable()
export class WaitingTime {
  constructor(@Inject(HTTP_SETTINGS) private readonly settings: HttpSettings) {}

  /** What was asked for, but never so long that the wait ends in a time-out of its request. */
  secondsOf(asked = 0): number {
    const longest = (this.settings.requestTimeoutMs - MARGIN_MS) / 1000;
    return Math.min(asked, Math.max(0, longest));
  }
}
