import { connect, type Socket } from 'node:net';
import type { Place } from './exchange';

/** One of the answers that came over a connection. */
export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const LIMIT_MS = 15_000;

/** A connection that is written to byte by byte, without anybody who would mend what is sent. */
export class RawConnection {
  private readonly chunks: Buffer[] = [];
  private readonly ended = Promise.withResolvers<undefined>();
  private readonly socket: Socket;

  /** @param isReading whether what comes back is read at all */
  constructor(place: Place, { isReading = true } = {}) {
    this.socket = connect('host' in place ? place : { path: place.socketPath });
    if (isReading) this.socket.on('data', (chunk: Buffer) => this.chunks.push(chunk));
    // Whether it was closed or reset, what had come before counts.
    this.socket.on('error', () => undefined).once('close', () => this.ended.resolve(undefined));
  }

  write(bytes: string | Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  /** What has come so far. */
  get received(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  /** Everything that comes until the other side closes. @throws when it does not, in time */
  async whole(limitMs = LIMIT_MS): Promise<string> {
    const timer = setTimeout(
      () => this.ended.reject(new Error(`open after ${limitMs} ms: ${this.received}`)),
      limitMs,
    );
    await this.ended.promise.finally(() => clearTimeout(timer));
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Sends bytes on a connection of its own, and reads the answers until it is closed. */
export async function answersTo(place: Place, bytes: string | Uint8Array): Promise<RawResponse[]> {
  const connection = new RawConnection(place);
  connection.write(bytes);
  try {
    return responsesIn(await connection.whole());
  } finally {
    connection.close();
  }
}

/** Takes answers apart, those that only tell to go on aside; each of the service's says how long it is. */
export function responsesIn(whole: string): RawResponse[] {
  const received = whole.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '');
  const responses: RawResponse[] = [];
  for (let rest = received; rest !== '';) {
    const [head = ''] = rest.split('\r\n\r\n', 1);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(status)) throw new Error(`no answer: ${rest.slice(0, 200)}`);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = rest.slice(head.length + 4, head.length + 4 + length);
    responses.push({ status, head, body });
    rest = rest.slice(head.length + 4 + length);
  }
  return responses;
}
