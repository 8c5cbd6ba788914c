import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer } from './http-reading';
import { RecordedClient } from './recorded-client';
import type { Asked } from './recorder';

const MOST_TRIES = 200;
const PAUSE_MS = 25;

/** A client as they should be: what it gets no answer to, or a 5xx, it sends again under the same idempotency key. */
export class PersistentClient extends RecordedClient {
  /** Statuses of the answers that it did not take for one. */
  readonly refused: number[] = [];
  /** How often its connection broke. */
  broken = 0;

  protected override async record(
    asked: Asked,
    method: string,
    path: string,
    json?: object,
  ): Promise<HttpAnswer> {
    const keyed = { ...asked, key: randomUUID() };
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const answer = await this.tried(() => super.record(keyed, method, path, json));
      if (answer !== null) return answer;
      await pause(PAUSE_MS);
    }
    throw new Error(`${method} ${path} was sent ${MOST_TRIES} times, and never answered`);
  }

  override async read(path: string): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await super.read(path);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
      }
      await pause(PAUSE_MS);
    }
  }

  private async tried(send: () => Promise<HttpAnswer>): Promise<HttpAnswer | null> {
    try {
      const answer = await send();
      if (answer.status < 500) return answer;
      this.refused.push(answer.status);
    } catch {
      this.broken += 1;
    }
    return null;
  }
}
