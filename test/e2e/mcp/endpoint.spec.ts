import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { McpClient } from '../../support/mcp-client';
import { TestService } from '../http/service';

interface JsonRpcError {
  readonly jsonrpc: string;
  readonly id: unknown;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data: { readonly code: string };
  };
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

describe('/mcp', () => {
  let service: TestService;

  beforeAll(
    async () => (service = await TestService.start({ settings: { mcpHosts: ['tasks.example.com'] } })),
  );
  afterAll(() => service.close());

  /** Also with headers that fetch does not let anybody set. */
  async function post(
    body: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'POST',
  ): Promise<{ response: IncomingMessage; body: JsonRpcError }> {
    const sent = request(`${service.baseUrl}/mcp`, {
      method,
      headers: {
        Authorization: 'Bearer admin',
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...headers,
      },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const answered = await text(response);
    return { response, body: (answered.startsWith('{') ? JSON.parse(answered) : null) as JsonRpcError };
  }

  const refused = (status: number, number: number, code: string) => ({
    response: expect.objectContaining({ statusCode: status }) as unknown,
    body: {
      jsonrpc: '2.0',
      id: null,
      error: {
        code: number,
        message: expect.stringContaining(`${code}: `) as unknown,
        data: { code, details: expect.anything() as unknown },
      },
    },
  });

  it.each([
    ['without a key', {}, { Authorization: '' }, 401, -32_000, 'UNAUTHORIZED'],
    ['to a name that is not ours', {}, { Host: 'evil.example.com' }, 403, -32_000, 'FORBIDDEN'],
    [
      'to a name that only begins like ours',
      {},
      { Host: 'localhost.evil.example.com' },
      403,
      -32_000,
      'FORBIDDEN',
    ],
    ['from another site', {}, { Origin: 'https://evil.example.com' }, 403, -32_000, 'FORBIDDEN'],
    ['from a page without an origin', {}, { Origin: 'null' }, 403, -32_000, 'FORBIDDEN'],
    ['that a browser calls foreign', {}, { 'Sec-Fetch-Site': 'cross-site' }, 403, -32_000, 'FORBIDDEN'],
    [
      'that is no JSON by its name',
      {},
      { 'Content-Type': 'text/plain' },
      415,
      -32_000,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['that is no JSON', { body: '{' }, {}, 400, -32_700, 'VALIDATION_ERROR'],
    ['that is too large', { body: ' '.repeat(2_100_000) }, {}, 413, -32_000, 'PAYLOAD_TOO_LARGE'],
    ['that is too deep', { body: '['.repeat(200) + ']'.repeat(200) }, {}, 400, -32_000, 'VALIDATION_ERROR'],
    [
      'of too many messages',
      { body: `[${Array<string>(101).fill(PING).join()}]` },
      {},
      400,
      -32_000,
      'VALIDATION_ERROR',
    ],
    ['that only reads', { method: 'GET' }, {}, 405, -32_000, 'METHOD_NOT_ALLOWED'],
    ['that deletes', { method: 'DELETE' }, {}, 405, -32_000, 'METHOD_NOT_ALLOWED'],
  ])('refuses a request %s, as JSON-RPC', async (_what, asked, headers, status, number, code) => {
    const { body = PING, method = 'POST' } = asked as { body?: string; method?: string };
    expect(await post(method === 'POST' ? body : '', headers, method)).toEqual(refused(status, number, code));
  });

  it('refuses what is below it, in the same words', async () => {
    const response = await fetch(`${service.baseUrl}/mcp/sse`, {
      headers: { Authorization: 'Bearer admin' },
    });

    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { data: { code: 'NOT_FOUND' } } },
    ]);
  });

  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:9', '[::1]:8080', '192.168.0.7', 'Tasks.Example.com:443'])(
    'answers under the name %s',
    async (host) => {
      const { response } = await post(PING, { Host: host });
      expect(response.statusCode).toBe(200);
    },
  );

  it('tells each request its id, as everywhere, and that nobody keeps the answer', async () => {
    const { headers } = await new McpClient(service.baseUrl, 'admin').send(
      'tools/list',
      {},
      {
        headers: { 'X-Request-ID': 'asked-by-me' },
      },
    );

    expect(headers.get('x-request-id')).toBe('asked-by-me');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('mcp-session-id')).toBeNull();
  });

  it('refuses headers that say something else than the body', async () => {
    const { status, body } = await new McpClient(service.baseUrl, 'admin').send(
      'tools/call',
      { name: 'task_create', arguments: {} },
      { headers: { 'Mcp-Name': 'task_heartbeat' } },
    );

    expect([status, body.error?.code]).toEqual([400, -32_020]);
  });

  it('has nothing to listen to, and says so at once: no stream stays open', async () => {
    const { status, body } = await new McpClient(service.baseUrl, 'reader').send<object>(
      'subscriptions/listen',
      {
        notifications: { toolsListChanged: true, resourceSubscriptions: ['queue://status'] },
      },
    );

    expect(status).toBe(200);
    expect(body.result).toMatchObject({ resultType: 'complete' });
  });

  it('answers each message of a list that an old client sends', async () => {
    const list = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    const response = await fetch(`${service.baseUrl}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer admin',
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(list),
    });

    expect((await response.text()).match(/"id":\d/g)?.sort()).toEqual(['"id":1', '"id":2']);
  });
});
