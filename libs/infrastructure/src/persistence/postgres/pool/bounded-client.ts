import { Client, type ClientConfig } from 'pg';

/** What the driver says of a statement whose answer did not come in `query_timeout`. */
export const NO_ANSWER = 'Query read timeout';

/**
 * A connection that is given up with the first statement that has no answer in its time. The driver alone would keep
 * it, and let the next statement wait behind one that may never end.
 */
export class BoundedClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const drivers = Client.prototype as { query(...asked: unknown[]): unknown };
    this.query = ((...asked: unknown[]) => this.watched(drivers.query.apply(this, asked))) as Client['query'];
  }

  private watched(answer: unknown): unknown {
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (error instanceof Error && error.message === NO_ANSWER) void this.end();
      });
    }
    return answer;
  }
}
