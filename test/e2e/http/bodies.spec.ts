import { connect } from 'node:net';
import { fieldsIn, type ApiClient } from '../../support/api-client';
import { TestService } from './service';

const TASKS = '/api/v1/tasks';
const GOOD = JSON.stringify({ work_directory: '/srv', prompt: 'read this' });
const MEBI = 1024 * 1024;

describe('bodies', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterAll(() => service.close());

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json;v=1',
  ])('takes %s', async (type) => {
    expect((await admin.send('POST', TASKS, { raw: GOOD, headers: { 'Content-Type': type } })).status).toBe(
      201,
    );
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/problem+json',
    'application/jsonp',
  ])('answers 415 to %s', async (type) => {
    const { status, body } = await admin.send('POST', TASKS, {
      raw: GOOD,
      headers: { 'Content-Type': type },
    });
    expect([status, body.success, body.error.code]).toEqual([415, false, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('answers 415 to a compressed body', async () => {
    const { status } = await admin.send('POST', TASKS, {
      raw: GOOD,
      headers: { 'Content-Encoding': 'gzip' },
    });
    expect(status).toBe(415);
  });

  it.each(['{', '{"a":1,}', '', 'undefined', '{"a":"\n"}', '\ufeff{}'])(
    'answers 400 to the broken JSON %j',
    async (raw) => {
      const answer = await admin.send('POST', TASKS, { raw: raw === '' ? ' ' : raw });
      expect([answer.status, answer.body.error.code, fieldsIn(answer)]).toEqual([
        400,
        'VALIDATION_ERROR',
        ['body'],
      ]);
    },
  );

  it.each(['[]', 'null', '1', '"text"', 'true'])(
    'answers 400 to a body that is no object: %s',
    async (raw) => {
      const answer = await admin.send('POST', TASKS, { raw });
      expect(answer.body.error.details).toEqual([
        { field: 'body', reason: 'must be a JSON object', constraints: {} },
      ]);
    },
  );

  it('refuses bytes that are no UTF-8 in place of guessing', async () => {
    const raw = Buffer.from(GOOD.replace('read', 're\u00e4d'), 'latin1');
    const answer = await admin.send('POST', TASKS, { raw: new Uint8Array(raw) });
    expect([answer.status, fieldsIn(answer)]).toEqual([400, ['body']]);
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['closed lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['a field of lists', `{"prompt":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['an unknown field of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a payload of lists', `{"payload":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`],
  ])('survives a depth bomb of %s', async (_what, raw) => {
    expect((await admin.send('POST', TASKS, { raw })).status).toBe(400);
    expect((await admin.post(TASKS, JSON.parse(GOOD))).status).toBe(201);
  });

  it('answers 413 to more than 2 MiB, in the envelope', async () => {
    const { status, body } = await admin.send('POST', TASKS, { raw: ' '.repeat(2 * MEBI + 1) });
    expect([status, body.error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(body.error.details).toEqual({ max_bytes: 2 * MEBI });
  });

  it('takes exactly 2 MiB', async () => {
    expect((await admin.send('POST', TASKS, { raw: GOOD + ' '.repeat(2 * MEBI - GOOD.length) })).status).toBe(
      201,
    );
  });

  it('answers 413 to a body that does not say how long it is', async () => {
    const status = await statusOfChunked(service, 3 * MEBI);
    expect(status).toBe('HTTP/1.1 413 Payload Too Large');
  });

  it('does not read the body of somebody unknown', async () => {
    expect((await service.as(null).send('POST', TASKS, { raw: '{' })).status).toBe(401);
  });

  it('leaves a body alone where none belongs', async () => {
    const { status } = await admin.send('DELETE', TASKS, { raw: '{}' });
    expect(status).toBe(405);
  });
});

/** Sends a body in chunks, and reads the first line of the answer. */
async function statusOfChunked(service: TestService, bytes: number): Promise<string | undefined> {
  const { hostname, port } = new URL(service.baseUrl);
  const socket = connect(Number(port), hostname);
  const head = `POST ${TASKS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  for (let sent = 0; sent < bytes; sent += 0x10000) socket.write(chunk);
  socket.write('0\r\n\r\n');
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  socket.destroy();
  return answer.toString().split('\r\n')[0];
}
