import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import { securityHeaders } from '../network/security-headers';
import { FailureRenderers } from './dialects';
import { Refusal } from './refusal';

const TOO_SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';
const TOO_LARGE = 'HPE_HEADER_OVERFLOW';
const BY_THE_PARSER = 'HPE_';
/** Enough of a packet to see under which path a request is. */
const LINE_BYTES = 256;

/** What Node says of it, and the bytes that it could not read. */
interface Broken extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** Words the answer to what is no request: at best its first line tells the dialect, and nothing the language. */
@Injectable()
export class BrokenMessages {
  constructor(private readonly renderers: FailureRenderers) {}

  /**
   * The whole answer, as it goes over the connection; null for a connection that broke, where nobody listens.
   * @param under the path of the dialect whose door it came through
   */
  answerTo({ code = '', rawPacket }: Broken, under = pathIn(rawPacket)): string | null {
    const refusal = refusalOf(code);
    if (refusal === null) return null;
    const { status, body } = this.renderers.of(under).render(refusal, 'en');
    const json = JSON.stringify(body);
    const headers = [
      ['Date', new Date().toUTCString()],
      ['X-Request-ID', randomUUID()],
      ...securityHeaders(false),
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Content-Length', String(Buffer.byteLength(json))],
      ['Connection', 'close'],
    ];
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...headers.map((pair) => pair.join(': ')),
    ];
    return `${head.join('\r\n')}\r\n\r\n${json}`;
  }
}

/** The path in the first line of a request; the root where there is none. */
function pathIn(packet: Buffer | undefined): string {
  const [, path = '/'] = /^[A-Z]+ (\/[^\s?]*)/.exec(packet?.toString('latin1', 0, LINE_BYTES) ?? '') ?? [];
  return path;
}

function refusalOf(code: string): Refusal | null {
  if (code === TOO_SLOW) return new Refusal('request_too_slow');
  if (code === TOO_LARGE) return new Refusal('headers_too_large', { max_bytes: maxHeaderSize });
  return code.startsWith(BY_THE_PARSER) ? new Refusal('malformed_message', { reason: 'not_http' }) : null;
}
