import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { BuiltServer } from '../../support/built-server';

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: { readonly success: boolean; readonly error: { readonly code: string } };
}

describe('what is no request', () => {
  let server: BuiltServer;

  beforeAll(async () => (server = await BuiltServer.start({ REQUEST_TIMEOUT_SECONDS: '1' })));
  afterAll(() => server.dispose());

  /** Everything that comes back until the service closes the connection. */
  const send = (bytes: string): Promise<string> => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    return text(socket);
  };
  const head = (...lines: string[]): string =>
    ['POST /api/v1/tasks HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${server.key}`, ...lines].join(
      '\r\n',
    );

  it.each<[string, () => string, number, string]>([
    ['nonsense', () => 'NONSENSE\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['TLS where there is none', () => '\x16\x03\x01\x02\x00\x01\x00', 400, 'MALFORMED_REQUEST'],
    ['a header without a name', () => `${head(': x')}\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    [
      'two lengths',
      () => `${head('Content-Length: 1', 'Content-Length: 2')}\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a length beside chunks',
      () => `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}\r\n\r\n0\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a chunk without a size',
      () => `${head('Content-Type: application/json', 'Transfer-Encoding: chunked')}\r\n\r\nxyz\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    ['no Host', () => 'GET /api/v1/tasks HTTP/1.1\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['two Hosts', () => `${head('host: evil.example')}\r\n\r\n`, 400, 'MALFORMED_REQUEST'],
    ['too long a header', () => `${head(`X-Long: ${'x'.repeat(20_000)}`)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['headers that do not end', () => head(), 408, 'REQUEST_TIMEOUT'],
  ])('is answered in the envelope, and closed: %s', async (_what, bytes, status, code) => {
    const answer = parsed(await send(bytes()));

    expect([answer.status, answer.body.error.code, answer.body.success]).toEqual([status, code, false]);
    expect(answer.head).toMatch(/\r\nConnection: close/i);
    expect(answer.head).toMatch(/\r\nX-Request-ID: [\w-]{36}/);
    expect(answer.head).toMatch(/\r\nX-Content-Type-Options: nosniff/i);
  });

  it.each([
    ['a header', `/task-manager/api/v1/tasks HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}`],
    ['a query', `/task-manager/api/v1/tasks?kb_id=${'x'.repeat(20_000)} HTTP/1.1`],
  ])('is answered in the words of whom its first line is for, where %s is too long', async (_what, rest) => {
    const { status, body } = parsed(await send(`GET ${rest}\r\nHost: localhost\r\n\r\n`));

    expect(status).toBe(431);
    expect(body).toMatchObject({ error: 'Headers too large', code: 'HEADERS_TOO_LARGE' });
  });

  it('does not disturb the answers before it, and is told behind them', async () => {
    const live = `GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const task = JSON.stringify({ work_directory: '/srv/pipelined', prompt: 'do it' });
    const create = `${head('Content-Type: application/json', `Content-Length: ${task.length}`)}\r\n\r\n${task}`;
    const answers = async (bytes: string): Promise<string[]> =>
      (await send(bytes)).split(/(?=HTTP\/1\.1 )/).map((answer) => answer.slice(9, 12));

    expect(await answers(`${live}NONSENSE\r\n\r\n`)).toEqual(['200', '400']);
    expect(await answers(`${create}${live}NONSENSE\r\n\r\n`)).toEqual(['201', '200', '400']);
    const chunks = head('Content-Type: application/json', 'Transfer-Encoding: chunked');
    expect(await answers(`${create}${chunks}\r\n\r\nxyz\r\n`)).toEqual(['201', '400']);
  });

  it('is no matter of what a caller expects', async () => {
    const answer = await send(
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\nExpect: a miracle\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each(['payload', 'metadata', 'tags', 'unknown'])(
    'stays alive under a body that is a hundred thousand deep in %s',
    async (field) => {
      const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
      const lists = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      for (const value of [deep, lists]) {
        const body = `{"work_directory":"/srv","prompt":"read this","${field}":${value}}`;
        const { status } = await server.request('/api/v1/tasks', { method: 'POST', body });
        expect(status).toBe(400);
      }
      const { status } = await server.request('/api/v1/tasks', { method: 'POST', body: lists });
      expect(status).toBe(400);
    },
  );

  it('leaves the service as it was', async () => {
    expect((await server.request('/api/v1/tasks')).status).toBe(200);
    expect(server.logs()).not.toContain('"level":"error"');
  });
});

function parsed(answer: string): Answer {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) as Answer['body'] };
}
