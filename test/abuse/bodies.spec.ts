import type { OpenAPIObject } from '@nestjs/swagger';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { uuid } from '../support/counted-ids';
import { AbusedService, type Door } from './abused-service';
import { operationsOf } from './fuzz/operations';
import { inTurns } from './in-turns';
import { answersTo } from './raw-connection';

const ZEROS = Buffer.alloc(32 * 1024 * 1024);
const BOMBS: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync(ZEROS)],
  ['deflate', deflateSync(ZEROS)],
  ['br', brotliCompressSync(ZEROS.subarray(0, 4 * 1024 * 1024))],
  ['gzip, gzip', gzipSync(gzipSync(ZEROS))],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];
const MOST_DEPTH = 64;
/** Bytes of the largest body that is taken anywhere, and some. */
const OVERSIZE = 17 * 1024 * 1024;

interface Endpoint {
  readonly door: Door;
  readonly method: string;
  readonly path: string;
}

describe('a body that is a weapon', () => {
  let service: AbusedService;
  /** Everything that takes a body, at every door. */
  let endpoints: Endpoint[];

  beforeAll(async () => {
    service = await AbusedService.start();
    const { main, manager } = service.doors;
    const documented = await Promise.all([main, manager].map((doors) => endpointsBehind(doors)));
    endpoints = [...documented.flat(), { door: main[0], method: 'POST', path: '/mcp' }];
  });
  afterAll(() => service.dispose());

  const endpointsBehind = async (doors: readonly [Door, ...Door[]]): Promise<Endpoint[]> => {
    const { text } = await service.ask(doors[0], {
      method: 'GET',
      path: '/openapi.json',
      headers: {},
      body: null,
    });
    const taking = operationsOf(JSON.parse(text) as OpenAPIObject).filter(({ body }) => body !== null);
    return doors.flatMap((door) =>
      taking.map(({ method, path }) => ({ door, method, path: path.replaceAll(/\{\w+\}/g, uuid(1)) })),
    );
  };
  /** What every endpoint answers to a body: `POST /api/v1/tasks 415`, those that are as they should be left out. */
  const refusing = async (
    expected: number,
    body: Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string[]> => {
    const headersOfAll = { 'Content-Type': 'application/json', ...headers };
    return allBut(expected, async ({ door, method, path }) => {
      const { status } = await service.ask(door, { method, path, headers: headersOfAll, body });
      return status;
    });
  };
  const allBut = async (
    expected: number,
    statusOf: (endpoint: Endpoint) => Promise<number>,
  ): Promise<string[]> => {
    const statuses = await inTurns(endpoints, statusOf);
    return endpoints.flatMap(({ door, method, path }, index) =>
      statuses[index] === wordedAt(path, expected)
        ? []
        : [`${door.name} ${method} ${path} ${statuses[index] ?? 0}`],
    );
  };

  it.each(BOMBS)('is not unpacked: %s', async (encoding, body) => {
    expect(await refusing(415, body, { 'Content-Encoding': encoding })).toEqual([]);
  });

  it('is not read when it says itself that it is too large', async () => {
    const wrong = await allBut(413, async ({ door, method, path }) => {
      const head = [
        `${method} ${door.prefix}${path} HTTP/1.1`,
        'Host: localhost',
        `Authorization: Bearer ${service.server.key}`,
        'Content-Type: application/json',
        `Content-Length: ${OVERSIZE}`,
        'Connection: close',
      ];
      const [answer] = await answersTo(door.place, `${head.join('\r\n')}\r\n\r\n`);
      return answer?.status ?? 0;
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong NUL', Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['half of a pair', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['lists without an end', Buffer.from('['.repeat(100_000))],
    ['lists in lists', Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['objects in objects', Buffer.from(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
    ['nothing but a name of prototypes', Buffer.from('{"__proto__":{"polluted":1}}')],
    ['a constructor', Buffer.from('{"constructor":{"prototype":{"polluted":1}}}')],
  ])('is refused at every door: %s', async (_what, body) => {
    expect(await refusing(400, body)).toEqual([]);
  });

  it('changes no object but itself: names of prototypes come back as they went, at every level', async () => {
    let inner: unknown = 1;
    for (let depth = 0; depth < MOST_DEPTH - 1; depth += 1)
      inner = JSON.parse(
        `{"${['__proto__', 'constructor', 'toString', 'prototype'][depth % 4] ?? ''}":${JSON.stringify(inner)}}`,
      );
    const free = `{"__proto__":${JSON.stringify(inner)}}`;
    const text = `{"task_type":"document_processing","kb_id":"proto","payload":${free}}`;
    const headers = { 'Content-Type': 'application/json' };
    const ask = (
      method: string,
      path: string,
      body: string | null,
    ): Promise<{ text: string; status: number }> =>
      service.ask(service.doors.manager[0], {
        method,
        path,
        headers,
        body: body === null ? null : Buffer.from(body),
      });
    const created = await ask('POST', '/api/v1/tasks', text);
    expect([created.status, created.text]).toEqual([201, expect.stringContaining(`"payload":${free}`)]);
    const { id } = JSON.parse(created.text) as { id: string };
    const claimed = await ask('POST', '/api/v1/workers/w/claim', '{"kb_id":"proto"}');
    expect(claimed.text).toContain(`"payload":${free}`);
    expect((await ask('POST', `/api/v1/tasks/${id}/complete`, `{"result":${free}}`)).status).toBe(200);
    for (const path of [`/api/v1/tasks/${id}`, '/api/v1/tasks?kb_id=proto'])
      expect((await ask('GET', path, null)).text).toContain(`"payload":${free}`);
    expect((await ask('GET', `/api/v1/tasks/${id}`, null)).text).toContain(`"result":${free}`);
    const deeper = text.replace(free, `{"a":${free}}`);
    expect((await ask('POST', '/api/v1/tasks', deeper)).status).toBe(400);
    expect(
      await service.json('POST', '/api/v1/tasks', { work_directory: '/srv/plain', prompt: 'Be plain.' }),
    ).toMatchObject({
      body: { data: { priority: 'medium', status: 'waiting', tags: [] } },
    });
  });

  it('with a number that nobody can hold is refused, not changed', async () => {
    for (const number of ['1e999', '-1e999', '[1,{"a":1e400}]']) {
      const body = Buffer.from(`{"work_directory":"/srv","prompt":"count","payload":{"a":${number}}}`);
      const sent = {
        method: 'POST',
        path: '/api/v1/tasks',
        headers: { 'Content-Type': 'application/json' },
        body,
      };
      const { status, text } = await service.ask(service.doors.main[0], sent);
      expect([status, text]).toEqual([400, expect.stringContaining('"field":"payload"')]);
    }
  });

  it('has filed nothing that was refused, and disturbed nobody', async () => {
    const verdict = await service.verdict();
    expect(verdict).toMatchObject({ complaints: [], errors: [] });
    const { body } = await service.json('GET', '/api/v1/tasks?limit=1');
    const { filed } = await service.stopGoodClient();
    expect(body).toMatchObject({ data: { pagination: { total: filed + 2 } } });
  });
});

/** The dialect of agents calls what is not valid 422, as its framework does. */
function wordedAt(path: string, status: number): number {
  return status === 400 && path.startsWith('/tasks') ? 422 : status;
}
