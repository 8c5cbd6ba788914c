import { request, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** Where a request goes: a port of this machine, or a Unix socket. */
export type Place = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** A request as it goes out: nothing resolves its path, or mends its headers. */
export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | null;
  /** Whether an answer that is a stream has an end, to be waited for. */
  readonly isStreamRead?: boolean;
}

/** An answer, and how long it took. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

/** What no answer may tell of what is inside. */
export const INSIDES = /node_modules|SQLITE_|QueryFailed|\.(?:js|ts):\d+|\bat [\w.]+ \(/;

const STREAM = 'text/event-stream';
/** An answer that is longer than this is read no further. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Sends a request and reads its answer; of a stream without an end, the head.
 * @throws when the answer is not there, whole, within `limitMs`
 */
export async function exchange(place: Place, sent: Sent, limitMs: number, agent?: Agent): Promise<Answered> {
  const begun = performance.now();
  const signal = AbortSignal.timeout(limitMs);
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const { method, path, body } = sent;
  const headers = { ...sent.headers, ...(body !== null && { 'Content-Length': String(body.length) }) };
  const asked = request({ ...place, method, path, headers, signal, agent: agent ?? false }, (response) => {
    readWhole(response, sent.isStreamRead === true).then((text) => {
      const { statusCode: status = 0, headers: received } = response;
      resolve({ status, headers: received, text, ms: performance.now() - begun });
    }, reject);
  });
  asked.on('error', reject);
  asked.end(body ?? undefined);
  return promise.catch((error: unknown) => {
    throw new Error(`${method} ${path.slice(0, 200)}: ${String(error)} after ${limitMs} ms at most`, {
      cause: error,
    });
  });
}

async function readWhole(response: IncomingMessage, isStreamRead: boolean): Promise<string> {
  if (!isStreamRead && response.headers['content-type']?.startsWith(STREAM) === true) {
    response.destroy();
    return '';
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
