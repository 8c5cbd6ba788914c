import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { workTask } from '../../../test/support/scripted-source';
import { httpHandler, type HttpHandlerSettings } from './http-handler';

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('an address that does tasks', () => {
  let server: Server | null = null;
  let received: Received[] = [];

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    received = [];
  });

  const listen = async (answer: RequestListener): Promise<URL> => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ method: request.method, headers: request.headers, body });
        answer(request, response);
      });
    });
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/tasks`);
  };
  const run = async (
    url: URL,
    settings: Partial<HttpHandlerSettings> = {},
    signal = new AbortController().signal,
  ): Promise<unknown> => {
    const all = { url, secret: 'secret', allowPrivate: true, retries: 2, answerMs: 5_000, ...settings };
    return httpHandler(all)(workTask({ attempt: 2 }), { signal, progress: () => undefined });
  };

  it('gets the task, and its answer is the result', async () => {
    const url = await listen((_, response) => response.end('{\n"pages": 3\n}'));

    expect(await run(url)).toEqual({ pages: 3 });
    expect(received[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-task-id': workTask().id, 'x-task-attempt': '2' },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      prompt: 'write the release notes',
      attempt: 2,
    });
  });

  it('may have an answer that looks like a report of progress', async () => {
    const url = await listen((_, response) => response.end('{"progress":100,"message":"done"}'));

    expect(await run(url)).toEqual({ progress: 100, message: 'done' });
  });

  it('can tell by the signature over time and body who has sent it', async () => {
    const url = await listen((_, response) => response.end());
    await run(url);

    const { headers = {}, body = '' }: Partial<Received> = received[0] ?? {};
    const seconds = String(headers['x-task-timestamp']);
    const expected = createHmac('sha256', 'secret').update(`${seconds}.${body}`).digest('hex');
    expect(headers['x-task-signature']).toBe(`sha256=${expected}`);
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('gets no signature where there is no secret', async () => {
    const url = await listen((_, response) => response.end());
    await run(url, { secret: null });

    expect(received[0]?.headers).not.toHaveProperty('x-task-signature');
  });

  it('is asked again after a 5xx', async () => {
    const statuses = [500, 503, 200];
    const url = await listen((_, response) => {
      response.statusCode = statuses.shift() ?? 500;
      response.end('{"done":true}');
    });

    expect(await run(url)).toEqual({ done: true });
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('fails in the end, in a way that trying again can help', async () => {
    const url = await listen((_, response) => response.writeHead(500).end('broken'));

    await expect(run(url, { retries: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/answered 500: .*broken.* \(asked 2 times\)/),
      retryable: true,
    });
  });

  it('fails for good when it does not take the task', async () => {
    const url = await listen((_, response) => response.writeHead(422).end('{"why":"too long"}'));

    await expect(run(url)).rejects.toMatchObject({
      retryable: false,
      result: { status: 422, why: 'too long' },
    });
    expect(received).toHaveLength(1);
  });

  it('leads nowhere else', async () => {
    const url = await listen((_, response) =>
      response.writeHead(307, { Location: 'http://127.0.0.1:1/' }).end(),
    );

    await expect(run(url)).rejects.toThrow('redirects are not followed');
  });

  it('is not waited for without an end', async () => {
    const url = await listen(() => undefined);

    await expect(run(url, { answerMs: 50, retries: 0 })).rejects.toThrow('nothing came within 0.05 s');
  });

  it('is let go when the work is not wanted any more', async () => {
    const url = await listen(() => undefined);
    const end = new AbortController();
    const running = run(url, {}, end.signal);
    end.abort(new Error('the task was cancelled'));

    await expect(running).rejects.toThrow('the task was cancelled');
  });

  it.each(['http://127.0.0.1:1/', 'http://localhost:1/', 'http://[::1]:1/', 'http://2130706433:1/'])(
    'is not asked at %s unless the operator permits it',
    async (url) => {
      await expect(run(new URL(url), { allowPrivate: false })).rejects.toMatchObject({
        message: expect.stringContaining('not an address of the public internet'),
        retryable: false,
      });
    },
  );
});
