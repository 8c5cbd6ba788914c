import { request, type IncomingHttpHeaders } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { text } from 'node:stream/consumers';

/** What `fetch` cannot do: another `Host`, another address of this machine, a certificate that nobody has signed. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** The address of this machine to come from. */
  readonly localAddress?: string;
  /** The certificate to believe. */
  readonly ca?: string;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request on a connection of its own. */
export async function rawRequest(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const { body, headers = {}, ...rest } = options;
  const send = url.startsWith('https:') ? requestSecurely : request;
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const sent = send(url, { ...rest, headers: { ...headers }, agent: false }, (response) => {
    text(response).then(
      (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
      reject,
    );
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
