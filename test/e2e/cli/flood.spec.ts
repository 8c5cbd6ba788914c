import { Agent, request } from 'node:http';
import { randomBytes } from 'node:crypto';
import { BuiltServer } from '../../support/built-server';

const WRONG_KEYS = 10_000;
const CONNECTIONS = 20;
const PER_MINUTE = 600;
const MINUTE_MS = 60_000;

describe('ten thousand wrong keys', () => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start({
      RATE_LIMIT_REQUESTS_PER_MINUTE: String(PER_MINUTE),
      RATE_LIMIT_BURST_SIZE: '0',
    });
  });
  afterAll(() => server.dispose());

  it.each(['127.0.0.2', '127.0.0.1'])(
    'from %s are limited like anything else, and keep nobody at 127.0.0.1 waiting who has a good one',
    async (localAddress) => {
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, localAddress });
      const askWith = (key: string): Promise<number> => statusOf(server.url, key, agent);
      expect((await server.request('/api/v1/tasks')).status).toBe(200);
      const begun = performance.now();
      const over = new AbortController();
      const flood = Promise.all(
        Array.from({ length: WRONG_KEYS }, () => askWith(`to_${randomBytes(32).toString('base64url')}`)),
      ).finally(() => over.abort());
      const good: number[] = [];
      while (!over.signal.aborted && good.length < PER_MINUTE / 3)
        good.push((await server.request('/api/v1/tasks')).status);
      const answers = await flood;
      agent.destroy();

      expect(new Set(good)).toEqual(new Set([200]));
      const asked = answers.filter((status) => status === 401).length;
      // What was refused with 429 has been looked up nowhere.
      expect(asked).toBeLessThanOrEqual(PER_MINUTE + (PER_MINUTE * (performance.now() - begun)) / MINUTE_MS);
      expect(answers.filter((status) => status === 429)).toHaveLength(WRONG_KEYS - asked);
      expect((await server.request('/api/v1/tasks')).status).toBe(200);
    },
  );
});

function statusOf(url: string, key: string, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { Authorization: `Bearer ${key}` };
  request(`${url}/api/v1/tasks`, { agent, headers }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode ?? 0));
  })
    .on('error', reject)
    .end();
  return promise;
}
