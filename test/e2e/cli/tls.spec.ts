import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { BuiltServer, runToEnd, scratchFolder, type Environment } from '../../support/built-server';
import { makeCertificate, writeCertificate, type TestCertificate } from '../../support/certificates';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { rawRequest, type RawAnswer } from '../../support/raw-request';

describe('HTTPS', () => {
  let one: TestCertificate;
  let two: TestCertificate;
  let folder: string;
  let server: BuiltServer | null = null;

  beforeAll(async () => ([one, two] = await Promise.all([makeCertificate('one'), makeCertificate('two')])));
  beforeEach(() => (folder = scratchFolder()));
  afterEach(async () => {
    await server?.dispose();
    server = null;
    rmSync(folder, { recursive: true });
  });

  const start = async (env: Environment = {}): Promise<BuiltServer> =>
    (server = await BuiltServer.start({ ...writeCertificate(folder, one), ...env }, folder));
  const ask = (
    started: Pick<BuiltServer, 'url' | 'key'>,
    { cert }: TestCertificate,
    headers = {},
  ): Promise<RawAnswer> =>
    rawRequest(`${started.url}/api/v1/tasks`, {
      ca: cert,
      headers: { Authorization: `Bearer ${started.key}`, ...headers },
    });
  const isBelieved = (
    started: Pick<BuiltServer, 'url' | 'key'>,
    certificate: TestCertificate,
  ): Promise<boolean> =>
    ask(started, certificate).then(
      ({ status }) => status === 200,
      () => false,
    );

  it('is served with the certificate of the files, and ends gracefully', async () => {
    const started = await start();

    expect(started.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask(started, one)).status).toBe(200);
    await expect(ask(started, two)).rejects.toThrow(/certificate/);
    await expect(rawRequest(started.url.replace('https', 'http'))).rejects.toThrow();
    expect(await started.stop()).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['TLSv1', null],
    ['TLSv1.1', null],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('answers a client that speaks %s with %s', async (version, expected) => {
    const { hostname, port } = new URL((await start()).url);
    const options = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
    expect(await protocolOf({ ...options, host: hostname, port: Number(port), ca: one.cert })).toBe(expected);
  });

  it('takes another certificate on SIGHUP, without an end to connections that are open', async () => {
    const started = await start();
    const { hostname, port } = new URL(started.url);
    const open = connect({ host: hostname, port: Number(port), ca: one.cert });
    await new Promise((resolve) => open.once('secureConnect', resolve));

    writeCertificate(folder, two);
    started.signal('SIGHUP');

    await eventually(async () => (await isBelieved(started, two)) || null);
    expect(await isBelieved(started, one)).toBe(false);
    open.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String(await new Promise((resolve) => open.once('data', resolve)))).toContain('200 OK');
    open.destroy();
    expect(started.logs()).toContain('"reloaded":"TLS_CERT_FILE"');
  });

  it('takes it on both of its ports', async () => {
    const started = await start({ TASK_MANAGER_PORT: String(await freePort()) });
    const taskManager = { url: started.line.task_manager ?? '', key: started.key };
    expect(await isBelieved(taskManager, one)).toBe(true);

    writeCertificate(folder, two);
    started.signal('SIGHUP');

    await eventually(async () => (await isBelieved(started, two)) || null);
    await eventually(async () => (await isBelieved(taskManager, two)) || null);
    expect([await isBelieved(started, one), await isBelieved(taskManager, one)]).toEqual([false, false]);
  });

  it('keeps the certificate that it has when the files are not good, and says so', async () => {
    const started = await start();
    writeCertificate(folder, { cert: one.cert, key: two.key });
    const broken = (): number => started.logs().split('"kept":"TLS_CERT_FILE"').length - 1;

    started.signal('SIGHUP');
    await eventually(() => Promise.resolve(broken() === 1 || null));
    rmSync(join(folder, 'key.pem'));
    started.signal('SIGHUP');
    await eventually(() => Promise.resolve(broken() === 2 || null));

    expect(await isBelieved(started, one)).toBe(true);
    expect(started.logs()).toMatch(/TLS_KEY_FILE .*key\.pem does not belong to the certificate/);
    expect(started.logs()).toMatch(/TLS_KEY_FILE .*key\.pem cannot be read \(ENOENT\)/);
    expect(started.logs()).not.toContain(two.key.split('\n')[1]);
  });

  it.each([
    [
      'a certificate that is none',
      { cert: 'nothing', key: '' },
      /TLS_CERT_FILE .*cert\.pem is no certificate/,
    ],
    ['no key', { key: 'nothing' }, /TLS_KEY_FILE .*key\.pem is no private key/],
  ])('does not start with %s', async (_what, change, expected) => {
    const files = writeCertificate(folder, { ...one, ...change });
    const { code, errors } = await runToEnd(folder, ['serve'], files);

    expect([code, errors]).toEqual([1, expect.stringMatching(expected)]);
    expect(errors).not.toMatch(/BEGIN|\n\s+at /);
  });

  it('can be required: browsers are told, and the operator’s own door needs none', async () => {
    const started = await start({ REQUIRE_HTTPS: 'true' });

    const { status, headers } = await ask(started, one);
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    expect(await statusOverSocket(started.line.socket)).toBe(200);
  });

  it('can be required of a proxy', async () => {
    server = await BuiltServer.start({ REQUIRE_HTTPS: 'true', TRUST_PROXY: '127.0.0.1' }, folder);
    const from = async (headers: Record<string, string>): Promise<number | undefined> =>
      server === null ? undefined : (await ask(server, one, headers)).status;

    expect(await from({})).toBe(403);
    expect(await from({ 'X-Forwarded-Proto': 'http' })).toBe(403);
    expect(await from({ 'X-Forwarded-Proto': 'https' })).toBe(200);
  });
});

/** The version that both sides agree on; null when they do not. */
function protocolOf(options: ConnectionOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(options, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once('error', () => resolve(null));
  });
}

function statusOverSocket(socketPath = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/api/v1/tasks' }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}
