import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createApiServer, listenOnTcp } from './api-server';

describe('the server of the API', () => {
  const servers: Server[] = [];

  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  function create(requestTimeoutMs = 30_000): Server {
    const server = createApiServer({ handle: (_, response) => response.end() }, requestTimeoutMs);
    servers.push(server);
    return server;
  }

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  it.each([
    ['127.0.0.1', 'http://127.0.0.1'],
    ['0.0.0.0', 'http://127.0.0.1'],
    ['localhost', 'http://'],
  ])('tells where it can be reached on %s', async (host, expected) => {
    const server = create();

    const url = await listenOnTcp(server, host, 0);

    expect(url.startsWith(expected)).toBe(true);
    expect((await fetch(url)).status).toBe(200);
  });

  it('says which setting to change when the port is taken', async () => {
    const first = create();
    await listenOnTcp(first, '127.0.0.1', 0);

    await expect(listenOnTcp(create(), '127.0.0.1', portOf(first))).rejects.toThrow(
      `port ${portOf(first)} on 127.0.0.1 is in use by another program; set SERVER_PORT`,
    );
  });

  it('says which setting to change when the address is not ours', async () => {
    await expect(listenOnTcp(create(), '192.0.2.1', 0)).rejects.toThrow(
      /192\.0\.2\.1 is no address.*SERVER_HOST/,
    );
  });

  it('ends a connection that sends its headers too slowly, within about a second of the time-out', async () => {
    const server = create(200);
    await listenOnTcp(server, '127.0.0.1', 0);
    const socket = connect(portOf(server), '127.0.0.1');
    await once(socket, 'connect');
    const begun = performance.now();
    socket.write('GET / HTTP/1.1\r\n');

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408/);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
