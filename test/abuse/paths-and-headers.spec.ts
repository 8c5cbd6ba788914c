import { AbusedService } from './abused-service';
import { inTurns } from './in-turns';
import { answersTo, type RawResponse } from './raw-connection';

/** What may never leave: a file of the service, or of its machine. */
const FILES = /"task-orchestrator"|root:x:0|PRIVATE KEY|SQLite format|to_[\w-]{40}/;
/** Ways to spell a path that leads out of where it begins. */
const DETOURS = [
  ...[
    '/..',
    '/../..',
    '/%2e%2e',
    '/%2e%2e/%2e%2e',
    '/.%2e',
    '/..%2f',
    '/..%2f..',
    '/%2e%2e%2f',
    '/..%5c',
    '/..\\',
  ],
  ...[
    '/....//',
    '/..;',
    '/;/..',
    '/./..',
    '//..',
    '/%252e%252e',
    '/%c0%ae%c0%ae',
    '/..%00',
    '/x/../..',
    '\\..',
  ],
];
const OPEN = /^\/(?:docs|openapi\.json|health)/;
/** What stands outside of the task manager. */
const OUTSIDE = [
  '/api/v1/config',
  '/api/v1/keys',
  '/api/v1/audit',
  '/api/v1/statistics',
  '/mcp',
  '/data/admin.key',
  '/package.json',
  '/etc/passwd',
];

describe('a path or a header that leads astray', () => {
  let service: AbusedService;

  beforeAll(async () => (service = await AbusedService.start()));
  afterAll(() => service.dispose());

  const send = async (
    where: 'main' | 'manager',
    target: string,
    ...headers: readonly string[]
  ): Promise<RawResponse[]> => {
    const head = [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers];
    return answersTo(service.doors[where][0].place, Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'));
  };
  const authorization = (): string => `Authorization: Bearer ${service.server.key}`;
  const statusesOf = async (
    targets: readonly string[],
    where: 'main' | 'manager',
    ...headers: string[]
  ): Promise<[string, RawResponse | undefined][]> =>
    inTurns(targets, async (target): Promise<[string, RawResponse | undefined]> => [
      target,
      (await send(where, target, ...headers))[0],
    ]);

  it('shows no file, whatever it goes through', async () => {
    const targets = [
      '',
      '/docs',
      '/docs/swagger-ui.css',
      '/task-manager',
      '/task-manager/docs',
      '/health',
    ].flatMap((from) =>
      DETOURS.flatMap((detour) =>
        ['/package.json', '/data/admin.key', '/etc/passwd'].map((file) => from + detour + file),
      ),
    );
    const answers = await statusesOf(targets, 'main', authorization());
    const showing = answers.filter(
      ([, answer]) => FILES.test(answer?.body ?? '') || (answer?.status ?? 500) >= 500,
    );
    expect(showing.map(([target, answer]) => [target, answer?.status])).toEqual([]);
  });

  it('opens nothing without a key', async () => {
    const targets = ['/docs', '/health', '/health/live', '/openapi.json', '/task-manager/docs'].flatMap(
      (from) =>
        DETOURS.flatMap((detour) => ['/api/v1/tasks', '/api/v1/config'].map((path) => from + detour + path)),
    );
    const whole = [
      'http://localhost/api/v1/tasks',
      'http://evil.example/api/v1/tasks',
      'HTTP://x/docs/../api/v1/tasks',
      '*',
      'localhost:80',
    ];
    const answers = await statusesOf([...targets, ...whole], 'main');
    const opened = answers.filter(([target, answer]) => {
      const { status = 500, body = '' } = answer ?? {};
      return status >= 500 || (status < 300 && (!OPEN.test(target) || body.includes('"success":true')));
    });
    expect(opened.map(([target, answer]) => [target, answer?.status])).toEqual([]);
  });

  it('does not lead out of the task manager by its own port', async () => {
    const spellings = OUTSIDE.flatMap((path) => [
      ...DETOURS.map((detour) => detour + path),
      ...DETOURS.map((detour) => `/task-manager${detour}${path}`),
      ...[
        path,
        `/${path}`,
        `http://localhost${path}`,
        `http://localhost/task-manager/..${path}`,
        `http://x/..${path}`,
      ],
      ...[`/%2f${path}`, `/task-manager%2f..${path}`, `?/..${path}`, `/?x=${path}`],
    ]);
    const answers = await statusesOf(spellings, 'manager', authorization());
    const led = answers.filter(
      ([, answer]) => (answer?.status ?? 500) < 300 || (answer?.status ?? 500) >= 500,
    );
    expect(led.map(([target, answer]) => [target, answer?.status])).toEqual([]);
  });

  it.each<[string, () => string[], number]>([
    ['one that is too long', () => [`X-Long: ${'x'.repeat(20_000)}`], 431],
    ['too many of them', () => Array.from({ length: 150 }, (_, index) => `X-${index}: y`), 431],
    ['thousands of short ones', () => Array.from({ length: 3_000 }, () => 'a:'), 431],
    ['a cookie of all that fits', () => [authorization(), `Cookie: ${'a=b;'.repeat(3_500)}`], 200],
    [
      'a language of all that fits',
      () => [authorization(), `Accept-Language: ${'a;q=0.1,'.repeat(1_700)}`],
      200,
    ],
    [
      'a forwarded address of all that fits',
      () => [authorization(), `X-Forwarded-For: ${'1,'.repeat(6_000)}`],
      200,
    ],
    ['two keys of which the first is wrong', () => ['Authorization: Bearer wrong', authorization()], 401],
    ['a key with something behind it', () => [`${authorization()}, Bearer x`], 401],
    ['a key in bytes that are no text', () => ['Authorization: Bearer \xff\xfe'], 401],
    ['an origin that is none', () => [authorization(), 'Origin: http://\xff'], 200],
  ])('is answered soon: %s', async (_what, headers, status) => {
    const answers = await send('main', '/api/v1/tasks?limit=1', ...headers());
    expect(answers.map((answer) => answer.status)).toEqual([status]);
  });

  it.each([
    'a'.repeat(15_000),
    `?${'a=1&'.repeat(3_500)}`,
    `?status=${'%41'.repeat(5_000)}`,
    `?${'%5B'.repeat(5_000)}=1`,
  ])('is answered soon: a target of %.20s…', async (rest) => {
    const answers = await send('main', `/api/v1/tasks${rest}`, authorization());
    expect(answers.map((answer) => answer.status)).toEqual([expect.any(Number)]);
    expect([400, 404, 431]).toContain(answers[0]?.status);
  });

  it('gives two idempotency keys no meaning', async () => {
    const [answer] = await send(
      'main',
      '/api/v1/tasks/next?work_path=/srv',
      authorization(),
      'Idempotency-Key: a',
      'Idempotency-Key: b',
    );
    expect(answer?.status).toBe(400);
  });

  it('keeps nobody from working', async () => {
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});
