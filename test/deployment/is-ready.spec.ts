import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { freePort } from '../support/free-port';
import { makeCertificate } from '../support/certificates';
import { PROJECT } from './files';

describe('the health check of the image', () => {
  let server: Server | null = null;

  afterEach(async () => {
    if (server === null) return;
    server.close();
    await once(server, 'close');
    server = null;
  });

  async function answering(status: number, made: Server): Promise<number> {
    server = made.on('request', ({ url }, response) => {
      response.statusCode = url === '/health/ready' ? status : 404;
      response.end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function checked(port: number, env: Readonly<Record<string, string>> = {}): Promise<number> {
    const script = resolve(PROJECT, 'deploy/docker/is-ready.mjs');
    const child = spawn(process.execPath, [script], {
      env: { ...env, SERVER_PORT: String(port) },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  }

  it.each([
    ['well while the service is ready', 200, 0],
    ['ill while it is not', 503, 1],
    ['ill when somebody else listens there', 404, 1],
  ])('is %s', async (_, status, code) => {
    expect(await checked(await answering(status, createServer()))).toBe(code);
  });

  it('is ill when nobody listens', async () => {
    expect(await checked(await freePort())).toBe(1);
  });

  it('speaks TLS where the service does', async () => {
    const port = await answering(200, createTlsServer(await makeCertificate('tasks.example.com')));

    expect(await checked(port, { TLS_CERT_FILE: '/run/cert.pem' })).toBe(0);
    expect(await checked(port)).toBe(1);
  });
});
