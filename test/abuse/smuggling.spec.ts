import { AbusedService } from './abused-service';
import { answersTo, type RawResponse } from './raw-connection';

const TASK = JSON.stringify({ work_directory: '/srv/smuggled', prompt: 'I was smuggled in' });

describe('a request in which two ends may see two', () => {
  let service: AbusedService;

  beforeAll(async () => (service = await AbusedService.start()));
  afterAll(() => service.dispose());

  const headOf = (line: string, ...headers: string[]): string =>
    [line, 'Host: localhost', `Authorization: Bearer ${service.server.key}`, ...headers].join('\r\n') +
    '\r\n\r\n';
  /** What is hidden behind another request. */
  const hidden = (): string =>
    headOf(
      'POST /api/v1/tasks HTTP/1.1',
      'Content-Type: application/json',
      `Content-Length: ${TASK.length}`,
      'Connection: close',
    ) + TASK;
  const post = (...headers: string[]): string =>
    headOf('POST /api/v1/tasks HTTP/1.1', 'Content-Type: application/json', ...headers);
  const send = (bytes: string): Promise<RawResponse[]> =>
    answersTo(service.doors.main[0].place, Buffer.from(bytes, 'latin1'));

  /** Framing about which two programs have disagreed before, in front of what is hidden. */
  const FRAMINGS: readonly (readonly [string, () => string])[] = [
    ['a length and chunks', () => post('Content-Length: 4', 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    ['chunks and a length', () => post('Transfer-Encoding: chunked', 'Content-Length: 4') + '0\r\n\r\n'],
    [
      'an encoding that nobody has',
      () => post('Content-Length: 4', 'Transfer-Encoding: xchunked') + '0\r\n\r\n',
    ],
    ['chunked, then something', () => post('Transfer-Encoding: chunked, identity') + '0\r\n\r\n'],
    [
      'something, then chunked',
      () => post('Transfer-Encoding: identity, chunked', 'Content-Length: 5') + '0\r\n\r\n',
    ],
    ['two encodings', () => post('Transfer-Encoding: chunked', 'Transfer-Encoding: x') + '0\r\n\r\n'],
    ['a vertical tab', () => post('Transfer-Encoding: \x0bchunked', 'Content-Length: 5') + '0\r\n\r\n'],
    ['a name with a blank', () => post('Transfer-Encoding : chunked', 'Content-Length: 5') + '0\r\n\r\n'],
    ['a name with a tab', () => post('Transfer-Encoding\t: chunked', 'Content-Length: 5') + '0\r\n\r\n'],
    ['a folded line', () => post('Transfer-Encoding:\r\n chunked', 'Content-Length: 5') + '0\r\n\r\n'],
    [
      'a line that ends early',
      () => post('X: y\nTransfer-Encoding: chunked', 'Content-Length: 5') + '0\r\n\r\n',
    ],
    [
      'a carriage return alone',
      () => post('X: y\rTransfer-Encoding: chunked', 'Content-Length: 5') + '0\r\n\r\n',
    ],
    ['a NUL in a value', () => post('X: a\0b', 'Content-Length: 0')],
    ['a NUL in a name', () => post('Content-Length\0: 0', 'Content-Length: 0')],
    ['two lengths', () => post('Content-Length: 0', 'Content-Length: 40')],
    ['a list of lengths', () => post('Content-Length: 0, 40')],
    ['a length with a sign', () => post('Content-Length: +0')],
    ['a negative length', () => post('Content-Length: -1')],
    ['a length in hexadecimal', () => post('Content-Length: 0x0')],
    ['a length with a blank in it', () => post('Content-Length: 0 0')],
    ['a length beyond all numbers', () => post(`Content-Length: ${'9'.repeat(40)}`)],
    ['a chunk in hexadecimal notation', () => post('Transfer-Encoding: chunked') + '0x0\r\n\r\n'],
    ['a negative chunk', () => post('Transfer-Encoding: chunked') + '-1\r\n\r\n'],
    ['a chunk beyond all numbers', () => post('Transfer-Encoding: chunked') + `${'f'.repeat(17)}\r\n`],
    ['a chunk longer than it says', () => post('Transfer-Encoding: chunked') + '1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk without a line end', () => post('Transfer-Encoding: chunked') + '2\r\n{}0\r\n\r\n'],
    ['a chunk extension with a line end', () => post('Transfer-Encoding: chunked') + '0;a=\n\r\n\r\n'],
    ['a chunk extension with a return', () => post('Transfer-Encoding: chunked') + '0;a=\rb\r\n\r\n'],
    ['line feeds alone in chunks', () => post('Transfer-Encoding: chunked') + '0\n\n'],
    ['a header without a colon', () => post('Content-Length: 0', 'Nonsense')],
    ['a first line in two', () => `GET /health/live\r\n HTTP/1.1\r\nHost: x\r\n\r\n`],
    [
      'chunks in HTTP/1.0',
      () =>
        `POST /api/v1/tasks HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    ],
    ['a version of its own', () => 'GET /health/live HTTP/1.1.1\r\nHost: x\r\n\r\n'],
    ['HTTP/0.9', () => 'GET /health/live\r\n'],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a tunnel', () => 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ];

  it.each(FRAMINGS)('is refused, and what is behind it is not done: %s', async (_what, framing) => {
    const answers = await send(framing() + hidden());

    expect(answers.length).toBeLessThanOrEqual(1);
    for (const { status, head } of answers) {
      expect([400, 403, 404, 405, 431]).toContain(status);
      expect(head).toMatch(/\r\nConnection: close/i);
    }
  });

  it('whose lines end in a line feed alone is read as one, or refused', async () => {
    const answers = await send(`GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n`);
    expect(answers.map(({ status }) => status)).toEqual([expect.any(Number)]);
    expect([200, 400]).toContain(answers[0]?.status);
  });

  it.each([
    ['a GET', () => headOf('GET /health/live HTTP/1.1', `Content-Length: ${hidden().length}`)],
    ['a DELETE', () => headOf('DELETE /api/v1/tasks HTTP/1.1', `Content-Length: ${hidden().length}`)],
    [
      'an expectation',
      () => headOf('GET /health/live HTTP/1.1', 'Expect: 100-continue', `Content-Length: ${hidden().length}`),
    ],
    [
      'somebody unknown',
      () => `POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${hidden().length}\r\n\r\n`,
    ],
    ['another type', () => post('Content-Type: text/plain', `Content-Length: ${hidden().length}`)],
    [
      'a refused preflight',
      () => headOf('OPTIONS /api/v1/tasks HTTP/1.1', `Content-Length: ${hidden().length}`),
    ],
  ])('does nothing of what is in the body of %s', async (_what, head) => {
    const last = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const answers = await send(head() + hidden() + last);

    expect(answers.length).toBeLessThanOrEqual(2);
    expect(answers.map(({ status }) => status)).not.toContain(201);
  });

  it('is one, where it asks for another protocol', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'h2c', 'Content-Type': 'application/json' };
    const sent = { method: 'POST', path: '/api/v1/tasks', headers, body: Buffer.from('{}') };
    const { status } = await service.ask(service.doors.main[0], sent);
    expect(status).toBe(400);
  });

  it('has filed nothing', async () => {
    const { text } = await service.ask(service.doors.main[0], {
      ...{ method: 'GET', path: '/api/v1/tasks?work_directory=/srv/smuggled', headers: {}, body: null },
    });
    expect(JSON.parse(text)).toMatchObject({ data: { pagination: { total: 0 } } });
  });

  it('disturbs nobody who works properly', async () => {
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});
