import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ServiceClient } from '../../client/service-client';
import { eventually } from '../../../test/support/eventually';
import { Bridge } from './bridge';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Message) => void;
interface Message {
  readonly id?: number;
  readonly method: string;
}

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'task_create', arguments: {} } };

describe('the bridge between standard input and the service', () => {
  const said: Record<string, unknown>[] = [];
  const asked: IncomingMessage[] = [];
  let server: Server;
  let answer: Answer;
  let lost: number;
  let bridge: Bridge;
  let lines: string[];

  beforeEach(async () => {
    said.length = 0;
    asked.length = 0;
    lines = [];
    lost = 0;
    answer = (_request, response, { id }) => reply(response, { jsonrpc: '2.0', id, result: {} });
    server = createServer((request, response) => {
      asked.push(request);
      void text(request).then((body) => answer(request, response, JSON.parse(body) as Message));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const upstream = {
      client: async () => new ServiceClient({ kind: 'url', url, apiKey: 'key' }),
      lose: (client: ServiceClient) => {
        lost += 1;
        client.close();
      },
    };
    bridge = new Bridge(upstream, (line) => {
      lines.push(line);
      said.push(JSON.parse(line) as Record<string, unknown>);
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function reply(response: ServerResponse, body: object, status = 200): void {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }
  const take = (message: object): void => bridge.take(JSON.stringify(message));
  const isSaid = (count = 1): Promise<unknown> =>
    eventually(async () => (said.length >= count ? said : null));

  it('passes a message on, with the key, and says what is answered', async () => {
    take({ jsonrpc: '2.0', id: 7, method: 'ping' });
    await isSaid();

    expect(said).toEqual([{ jsonrpc: '2.0', id: 7, result: {} }]);
    expect([asked[0]?.url, asked[0]?.headers.authorization]).toEqual(['/mcp', 'Bearer key']);
  });

  it('says each message of a stream, the answer last', async () => {
    const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1 } };
    const result = { jsonrpc: '2.0', id: 1, result: { done: true } };
    answer = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(`: alive\n\nevent: message\ndata: ${JSON.stringify(progress)}\n\n`);
      response.end(`event: message\ndata: ${JSON.stringify(result)}\n\n`);
    };
    take(CALL);
    await isSaid(2);

    expect(said).toEqual([progress, result]);
  });

  it('repeats a call whose answer got lost, under the same key', async () => {
    answer = (request, response, { id }) => {
      if (asked.length === 1) request.socket.destroy();
      else if (asked.length === 2) response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
      else reply(response, { jsonrpc: '2.0', id, result: {} });
    };
    take(CALL);
    await isSaid();

    expect([said.length, asked.length, lost]).toEqual([1, 3, 2]);
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^stdio-/);
  });

  it('gives each call a key of its own, and other messages none', async () => {
    take(CALL);
    take({ ...CALL, id: 2 });
    take({ jsonrpc: '2.0', id: 3, method: 'tools/list' });
    await isSaid(3);

    const keys = asked.map(({ headers }) => headers['idempotency-key']).filter((key) => key !== undefined);
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
  });

  it('waits as long as it is told when it asks too often', async () => {
    answer = (_request, response, { id }) => {
      if (asked.length > 1) reply(response, { jsonrpc: '2.0', id, result: {} });
      else response.writeHead(429, { 'Retry-After': '0.01' }).end('{}');
    };
    take(CALL);
    await isSaid();

    expect([said, asked.length, lost]).toMatchObject([[{ id: 1, result: {} }], 2, 0]);
  });

  it('tells a refusal at the door to whom it concerns', async () => {
    answer = (_request, response) =>
      reply(response, { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'UNAUTHORIZED' } }, 401);
    take(CALL);
    await isSaid();

    expect(said).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'UNAUTHORIZED' } }]);
  });

  it('hangs up when its client cancels, and says nothing', async () => {
    let isGone = false;
    answer = (_request, response) => response.once('close', () => (isGone = true));
    take(CALL);
    await eventually(async () => asked[0] ?? null);
    take({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await eventually(async () => isGone || null);
    await bridge.end();

    expect([said, asked.length]).toEqual([[], 1]);
  });

  it('ends what waits when its client is gone, and lets the rest be answered', async () => {
    const held: (() => void)[] = [];
    answer = (_request, response, { id }) =>
      held.push(() => reply(response, { jsonrpc: '2.0', id, result: {} }));
    take({ ...CALL, id: 1, params: { name: 'task_claim' } });
    take({ ...CALL, id: 2 });
    await eventually(async () => (held.length === 2 ? held : null));
    const ended = bridge.end();
    held.forEach((release) => release());
    await ended;

    expect(said).toMatchObject([{ id: 2 }]);
  });

  it('remembers the version that an older client agreed on', async () => {
    answer = (_request, response, { id }) =>
      reply(response, { jsonrpc: '2.0', id, result: { protocolVersion: '2025-06-18' } });
    take({ jsonrpc: '2.0', id: 1, method: 'initialize' });
    await isSaid();
    take({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await isSaid(2);

    expect(asked.map(({ headers }) => headers['mcp-protocol-version'])).toEqual([undefined, '2025-06-18']);
  });

  it('answers a line that is no message, and passes over an empty one', () => {
    bridge.take('');
    bridge.take('{');

    expect(said).toMatchObject([{ id: null, error: { code: -32_700 } }]);
  });

  it('answers each message of a batch, as if it had come alone', async () => {
    take([CALL, { jsonrpc: '2.0', method: 'notifications/initialized' }, 7, { ...CALL, id: 'b' }]);
    await isSaid(3);
    await bridge.end();

    expect(said).toHaveLength(3);
    expect(said).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: null, error: { code: -32_600, message: expect.any(String) } },
        { jsonrpc: '2.0', id: 1, result: {} },
        { jsonrpc: '2.0', id: 'b', result: {} },
      ]),
    );
    const keys = asked.flatMap(({ headers }) => headers['idempotency-key'] ?? []);
    expect([asked.length, new Set(keys).size]).toEqual([3, 2]);
  });

  it('cancels what came in a batch', async () => {
    answer = () => undefined;
    take([CALL]);
    await eventually(async () => asked[0] ?? null);
    take([{ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }]);
    await bridge.end();

    expect(said).toEqual([]);
  });

  it.each(['[]', '7', '[[]]'])('answers %s, which has no message', (line) => {
    bridge.take(line);

    expect(said).toMatchObject([{ id: null, error: { code: -32_600 } }]);
  });

  it('passes on what some readers take for the end of a line, and writes nothing that they would', async () => {
    answer = (_request, response, { id, method }) => reply(response, { jsonrpc: '2.0', id, result: method });
    take({ jsonrpc: '2.0', id: 1, method: 'a\u2028b\u2029c' });
    await isSaid();

    expect(said).toEqual([{ jsonrpc: '2.0', id: 1, result: 'a\u2028b\u2029c' }]);
    expect(lines.join('')).toMatch(/^[^\u2028\u2029\n\r]*$/);
  });

  it('passes notifications on, whose answer is none', async () => {
    answer = (_request, response) => response.writeHead(202).end();
    take({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await bridge.end();

    expect([said, asked.length, lost]).toEqual([[], 1, 0]);
  });
});
