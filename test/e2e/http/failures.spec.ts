import { connect } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import { StoreUnavailable, type Cancellation, type DecideNew, type StoreFault } from '@task/application';
import type { Decide, Task } from '@task/domain';
import { InMemoryTaskStore } from '@task/infrastructure';
import type { ApiAnswer, ApiTask } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { eventually } from '../../support/eventually';
import { FixedClock } from '../../support/fixed-clock';
import { RoleKeys } from '../../support/role-keys';
import { TestService } from './service';

const NEW = { work_directory: '/srv', prompt: 'a secret prompt' };

/** Fails, or waits for ever, as a test wants it. */
class TroubledStore extends InMemoryTaskStore {
  trouble: Error | 'hangs' | null = null;
  readonly signals: Cancellation[] = [];

  constructor() {
    super(new FixedClock());
  }

  override async insert(decide: DecideNew, signal: Cancellation): Promise<readonly Task[]> {
    this.signals.push(signal);
    await this.meetTrouble();
    return super.insert(decide, signal);
  }

  override async update(id: string, decide: Decide, signal: Cancellation): Promise<Task> {
    await this.meetTrouble();
    return super.update(id, decide, signal);
  }

  override async find(id: string): Promise<Task | null> {
    await this.meetTrouble();
    return super.find(id);
  }

  private async meetTrouble(): Promise<void> {
    if (this.trouble === 'hangs') await new Promise(() => undefined);
    if (this.trouble instanceof Error) throw this.trouble;
  }
}

describe('when something fails', () => {
  let store: TroubledStore;
  let service: TestService;
  const logged: unknown[] = [];
  const write = (message: unknown): void => void logged.push(message);
  const logger: LoggerService = { log: () => undefined, error: write, warn: write };

  beforeEach(async () => {
    store = new TroubledStore();
    service = await TestService.start({ tasks: store, settings: { requestTimeoutMs: 1_500, logger } });
    logged.length = 0;
  });
  afterEach(() => service.close());

  const create = (headers: Record<string, string> = {}): Promise<ApiAnswer<ApiTask>> =>
    service.as('admin').post('/api/v1/tasks', NEW, headers);

  it.each([
    ['unreachable', 502, 'BAD_GATEWAY'],
    ['overloaded', 503, 'SERVICE_UNAVAILABLE'],
    ['timed_out', 504, 'GATEWAY_TIMEOUT'],
    ['closing', 503, 'SERVICE_UNAVAILABLE'],
    ['no_space', 503, 'SERVICE_UNAVAILABLE'],
    ['file_gone', 503, 'SERVICE_UNAVAILABLE'],
    ['unknown', 503, 'SERVICE_UNAVAILABLE'],
  ] as const)(
    'answers a store that is %s with %d %s and Retry-After',
    async (fault: StoreFault, status, code) => {
      store.trouble = new StoreUnavailable(fault);
      const answer = await create();
      expect([answer.status, answer.body.error.code, answer.body.data]).toEqual([status, code, null]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    },
  );

  it('answers what nobody foresaw with an id, and logs it once without anything that was sent', async () => {
    store.trouble = new TypeError(`cannot do ${NEW.prompt}`, { cause: new Error('x') });
    const { status, body } = await create({ 'X-Request-ID': 'my-request' });
    expect([status, body.error.code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(logged).toEqual([
      {
        event: 'request_failed',
        error_id: (body.error.details as { error_id: string }).error_id,
        request_id: 'my-request',
        method: 'POST',
        route: '/api/v1/tasks',
        error: 'TypeError',
        code: undefined,
        stack: expect.arrayContaining([expect.stringMatching(/^\s+at /)]),
      },
    ]);
    expect(JSON.stringify(logged)).not.toContain('secret');
  });

  it('logs a failure of the database, and no refusal', async () => {
    store.trouble = new StoreUnavailable('unknown', { cause: new Error(`insert of ${NEW.prompt}`) });
    await create();
    expect(logged).toMatchObject([{ event: 'store_failed', error: 'Error' }]);
    store.trouble = null;
    await service.as('admin').post('/api/v1/tasks', {});
    await service.as('admin').get(`/api/v1/tasks/${uuid(7)}`);
    await service.as(null).get('/api/v1/tasks');
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain('secret');
  });

  it('answers 504 after the time that a request may take, and tells the store that nobody waits', async () => {
    store.trouble = 'hangs';
    const answer = await create();
    expect([answer.status, answer.body.error.code]).toEqual([504, 'GATEWAY_TIMEOUT']);
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    expect(store.signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('answers 504 to a body that does not come, and closes the connection', async () => {
    const { hostname, port } = new URL(service.baseUrl);
    const socket = connect(Number(port), hostname);
    const head = 'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\n';
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"work`);
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    await new Promise((resolve) => socket.once('close', resolve));
    const text = Buffer.concat(received).toString();
    expect(text).toContain('HTTP/1.1 504 Gateway Timeout');
    expect(text).toContain('"GATEWAY_TIMEOUT"');
    expect(store.signals).toEqual([]);
  });

  it('answers 504, with the rate limit, while nobody knows whose key it is, and keeps quiet when that is known', async () => {
    const late = Promise.withResolvers<null>();
    const keys = new RoleKeys(new FixedClock());
    keys.find = () => late.promise;
    const stuck = await TestService.start({ keys, settings: { requestTimeoutMs: 100, logger } });
    const { status, headers } = await stuck.as('admin').get('/api/v1/tasks');
    expect([status, headers.get('x-ratelimit-limit')]).toEqual([504, '1000000']);
    late.resolve(null);
    await stuck.as(null).get('/health/live');
    expect(logged).toEqual([]);
    await stuck.close();
  });

  it('survives callers that go away in the middle of their bodies', async () => {
    const { hostname, port } = new URL(service.baseUrl);
    for (let count = 0; count < 5; count += 1) {
      const socket = connect(Number(port), hostname);
      const head = 'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\n';
      socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"work`);
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.resetAndDestroy();
    }
    expect((await create()).status).toBe(201);
    expect(store.signals).toHaveLength(1);
    expect(logged).toEqual([]);
  });

  it('tells the store when the caller hangs up', async () => {
    store.trouble = 'hangs';
    const caller = new AbortController();
    const call = service.as('admin').send('POST', '/api/v1/tasks', { body: NEW, signal: caller.signal });
    const signal = await eventually(() => Promise.resolve(store.signals[0] ?? null));
    expect(signal.aborted).toBe(false);
    caller.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => Promise.resolve(signal.aborted || null));
  });

  it('leaves an answered call alone', async () => {
    await create();
    expect(store.signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('answers a failing key store as a failing store', async () => {
    const keys = new RoleKeys(new FixedClock());
    keys.find = () => Promise.reject(new StoreUnavailable('unreachable'));
    const keyless = await TestService.start({ keys });
    const { status, headers } = await keyless.as('admin').get('/api/v1/tasks');
    expect(status).toBe(502);
    expect(headers.get('x-ratelimit-limit')).toBe('1000000');
    await keyless.close();
  });
});

describe('the language of an answer', () => {
  let service: TestService;

  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  const create = (language: string): Promise<ApiAnswer<ApiTask>> =>
    service
      .as('admin')
      .post(
        '/api/v1/tasks',
        { work_directory: 'srv', prompt: 'x'.repeat(10_001) },
        { 'Accept-Language': language },
      );

  it.each(['zh', 'zh-CN', 'zh-CN,zh;q=0.9,en;q=0.8', 'fr, zh;q=0.5'])(
    'is Chinese for %s',
    async (language) => {
      const { body } = await create(language);
      expect(body.error).toMatchObject({
        code: 'VALIDATION_ERROR',
        message: '请求参数验证失败',
        details: [
          { field: 'work_directory', reason: '必须是有效的绝对路径' },
          { field: 'prompt', reason: '长度不能超过10000字符', constraints: { max_length: 10_000 } },
        ],
      });
    },
  );

  it.each(['', 'en', 'fr', '*', 'en, zh;q=0.9', 'zh;q=0'])('is English for %j', async (language) => {
    const { body } = await create(language);
    expect(body.error).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'The request is not valid',
      details: [
        { reason: 'must be a valid absolute path' },
        { reason: 'must be at most 10000 characters long' },
      ],
    });
  });

  it('words an empty field in Chinese as the document does', async () => {
    const { body } = await service
      .as('admin')
      .post('/api/v1/tasks', { work_directory: '/srv', prompt: '' }, { 'Accept-Language': 'zh' });
    expect(body.error.details).toMatchObject([
      { field: 'prompt', reason: '不能为空', constraints: { min_length: 1 } },
    ]);
  });
});
