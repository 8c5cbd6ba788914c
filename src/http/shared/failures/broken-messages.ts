import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import { securityHeaders } from '../network/security-headers';
import { FailureRenderers } from './dialects';
import { Refusal } from './refusal';

const TOO_SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';
const TOO_LARGE = 'HPE_HEADER_OVERFLOW';
const BY_THE_PARSER = 'HPE_';

/** Words the answer to what is no request: there is no path that would tell its dialect, and no language. */
@Injectable()
export class BrokenMessages {
  constructor(private readonly renderers: FailureRenderers) {}

  /**
   * The whole answer, as it goes over the connection; null for a connection that broke, where nobody listens.
   * @param under the path of the dialect whose door it came through
   */
  answerTo({ code = '' }: NodeJS.ErrnoException, under = '/'): string | null {
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

function refusalOf(code: string): Refusal | null {
  if (code === TOO_SLOW) return new Refusal('request_too_slow');
  if (code === TOO_LARGE) return new Refusal('headers_too_large', { max_bytes: maxHeaderSize });
  return code.startsWith(BY_THE_PARSER) ? new Refusal('malformed_message', { reason: 'not_http' }) : null;
}
