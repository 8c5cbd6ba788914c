import { AddressList } from '@task/infrastructure';
import type { NetworkSettings } from '../../../src/http/service-core';
import { OPEN_NETWORK } from '../../support/open-network';
import { rawRequest, type RawAnswer, type RawRequest } from '../../support/raw-request';
import { TestService } from './service';

const TASKS = '/api/v1/tasks';
const PROBES = ['/health/live', '/health/ready'];

describe('the gates', () => {
  let service: TestService;

  const start = async (network: Partial<NetworkSettings>, rest: object = {}): Promise<void> => {
    service = await TestService.start({ settings: { ...rest, network: { ...OPEN_NETWORK, ...network } } });
  };
  const ask = (path: string, options: RawRequest = {}): Promise<RawAnswer> =>
    rawRequest(service.baseUrl + path, {
      ...options,
      headers: { Authorization: 'Bearer reader', ...options.headers },
    });
  const reasonOf = ({ body }: RawAnswer): unknown =>
    (JSON.parse(body) as { error: { details: { reason: string } } | null }).error?.details.reason;

  afterEach(() => service.close());

  describe('of addresses', () => {
    it('let those in that are listed, and nobody else', async () => {
      await start({ allowedAddresses: AddressList.of(['127.0.0.2/32']) });
      const refused = await ask(TASKS);
      expect([refused.status, reasonOf(refused)]).toEqual([403, 'address_not_allowed']);
      expect(refused.headers).toMatchObject({
        'x-request-id': expect.any(String),
        'x-ratelimit-limit': '1000000',
        'x-frame-options': 'DENY',
      });
      expect((await ask(TASKS, { localAddress: '127.0.0.2' })).status).toBe(200);
    });

    it('stand before documentation and unknown paths, and not before probes', async () => {
      await start({ allowedAddresses: AddressList.of(['192.0.2.0/24']) });
      for (const path of ['/docs', '/openapi.json', '/nowhere', '/health', '/health/live/x'])
        expect([path, (await ask(path)).status]).toEqual([path, 403]);
      for (const path of PROBES) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    });

    it('believe no address that anybody writes into X-Forwarded-For', async () => {
      await start({ allowedAddresses: AddressList.of(['192.0.2.1']) });
      for (const value of ['192.0.2.1', '192.0.2.1, 127.0.0.1', '127.0.0.1, 192.0.2.1'])
        expect((await ask(TASKS, { headers: { 'X-Forwarded-For': value } })).status).toBe(403);
      expect((await ask(TASKS, { headers: { Forwarded: 'for=192.0.2.1' } })).status).toBe(403);
    });

    it('believe a trusted proxy, and it alone', async () => {
      await start({
        allowedAddresses: AddressList.of(['192.0.2.1']),
        trustedProxies: AddressList.of(['127.0.0.2']),
      });
      const via = async (localAddress: string, value: string | string[]): Promise<number> =>
        (await ask(TASKS, { localAddress, headers: { 'X-Forwarded-For': value } })).status;
      expect(await via('127.0.0.2', '192.0.2.1')).toBe(200);
      expect(await via('127.0.0.2', '203.0.113.7, 192.0.2.1')).toBe(200);
      expect(await via('127.0.0.2', '192.0.2.1, 203.0.113.7')).toBe(403);
      expect(await via('127.0.0.2', ['192.0.2.1', '203.0.113.7'])).toBe(403);
      expect(await via('127.0.0.1', '192.0.2.1')).toBe(403);
      expect((await ask(TASKS, { localAddress: '127.0.0.2' })).status).toBe(403);
    });

    it('are read anew at every request', async () => {
      const network = { ...OPEN_NETWORK, allowedAddresses: AddressList.of(['192.0.2.1']) };
      service = await TestService.start({ settings: { network } });
      expect((await ask(TASKS)).status).toBe(403);
      network.allowedAddresses = AddressList.of(['127.0.0.0/8']);
      expect((await ask(TASKS)).status).toBe(200);
    });

    it('name the address by which a client is limited', async () => {
      await start(
        { trustedProxies: AddressList.of(['127.0.0.1']) },
        { rateLimit: { requestsPerMinute: 1, burstSize: 0 } },
      );
      const from = async (client: string): Promise<number> =>
        (await ask(TASKS, { headers: { Authorization: 'Bearer x', 'X-Forwarded-For': client } })).status;
      expect(await from('192.0.2.1')).toBe(401);
      expect(await from('198.51.100.9, 192.0.2.1')).toBe(429);
      expect(await from('192.0.2.2')).toBe(401);
      expect(await from('2001:db8:1:2::1')).toBe(401);
      expect(await from('2001:db8:1:2::ffff')).toBe(429);
    });
  });

  describe('of names', () => {
    const knownHosts = new Set(['localhost', '127.0.0.1', '[::1]', 'tasks.example']);

    it.each(['localhost', 'localhost:8080', 'LOCALHOST', '127.0.0.1:1', '[::1]:8080', 'tasks.example:443'])(
      'know %s',
      async (host) => {
        await start({ knownHosts });
        expect((await ask(TASKS, { headers: { Host: host } })).status).toBe(200);
      },
    );

    it.each([
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      'localhost.',
      '127.0.0.1.evil.example',
      'evil.example#localhost',
      'localhost@evil.example',
      '[::1].evil.example',
      '0.0.0.0',
    ])('do not know %j, on no path but the probes', async (host) => {
      await start({ knownHosts });
      for (const path of [TASKS, '/docs', '/health', '/nowhere']) {
        const answer = await ask(path, { headers: { Host: host } });
        expect([path, answer.status, reasonOf(answer)]).toEqual([path, 403, 'unknown_host']);
      }
      for (const path of PROBES) expect((await ask(path, { headers: { Host: host } })).status).toBe(200);
    });
  });

  describe('of HTTPS', () => {
    it('refuse a plain request, whatever it says of itself', async () => {
      await start({ requireHttps: true });
      for (const headers of [{}, { 'X-Forwarded-Proto': 'https' }, { Forwarded: 'proto=https' }]) {
        const answer = await ask(TASKS, { headers });
        expect([answer.status, reasonOf(answer)]).toEqual([403, 'https_required']);
      }
      expect((await ask('/health/ready')).status).toBe(200);
    });

    it('believe a trusted proxy that the client speaks HTTPS, and bind browsers to it', async () => {
      await start({ requireHttps: true, trustedProxies: AddressList.of(['127.0.0.1']) });
      const answer = await ask(TASKS, { headers: { 'X-Forwarded-Proto': 'https' } });
      expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
      expect((await ask(TASKS, { headers: { 'X-Forwarded-Proto': 'http' } })).status).toBe(403);
      expect((await ask(TASKS, { headers: { 'X-Forwarded-Proto': 'https, http' } })).status).toBe(403);
      expect((await ask(TASKS)).status).toBe(403);
    });
  });

  it('refuse more than a hundred headers', async () => {
    await start({});
    const many = (count: number): RawRequest => ({
      headers: Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'y'])),
    });
    expect((await ask(TASKS, many(90))).status).toBe(200);
    const answer = await ask(TASKS, many(101));
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
      431,
      { error: { code: 'HEADERS_TOO_LARGE', details: { max_headers: 100 } } },
    ]);
  });

  it('put the headers of helmet on every answer', async () => {
    await start({});
    for (const path of [TASKS, '/nowhere', '/health/live']) {
      expect((await ask(path)).headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-permitted-cross-domain-policies': 'none',
      });
      expect((await ask(path)).headers).not.toHaveProperty('x-powered-by');
      expect((await ask(path)).headers).not.toHaveProperty('strict-transport-security');
    }
  });
});
