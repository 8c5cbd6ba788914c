import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Ajv2020 from 'ajv/dist/2020';
import type { OpenAPIObject } from '@nestjs/swagger';
import { buildOpenApi } from '../../../src/http/openapi';
import { TestService } from './service';

type Json = Record<string, unknown>;

const NEW = { work_directory: '/srv', prompt: 'read' };

interface Media {
  readonly schema: Json;
  readonly examples?: Record<string, { value: unknown }>;
}

describe('the OpenAPI document', () => {
  let service: TestService;
  let document: OpenAPIObject;
  let ajv: Ajv2020;
  const schemas = new Map<string, Json>();

  beforeAll(async () => {
    service = await TestService.start();
    document = await buildOpenApi(service.app);
    ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ ...document, $id: 'api' });
  });
  afterAll(() => service.close());

  const operations = (): [string, Json][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Json>).map(([method, operation]): [string, Json] => [
        `${method} ${path}`,
        operation,
      ]),
    );
  const resolved = (value: unknown): Json => {
    const { $ref } = value as { $ref?: string };
    if ($ref === undefined) return value as Json;
    return $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((node, key) => (node as Json)[key], document) as Json;
  };
  const responsesOf = (operation: Json): [string, Json][] =>
    Object.entries(operation.responses as Json).map(([status, response]) => [status, resolved(response)]);
  const mediaOf = ({ content }: Json): Media => {
    const [media] = Object.values(content as Record<string, Media>);
    if (media === undefined) throw new Error('no content');
    return media;
  };

  it('is served as it is built', async () => {
    const { status, text: served, headers } = await service.as(null).get('/openapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(JSON.parse(served)).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('passes the linter’s recommended rules without an error or a warning', async () => {
    expect(await problemsOf(document)).toEqual([]);
  });

  it('has every endpoint', () => {
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual([
      'delete /api/v1/keys/{key_id}',
      'delete /api/v1/schedules/{schedule_id}',
      'delete /tasks/{task_id}',
      'get /api/v1/audit',
      'get /api/v1/concurrency-keys',
      'get /api/v1/concurrency-keys/{key}',
      'get /api/v1/config',
      'get /api/v1/events',
      'get /api/v1/keys',
      'get /api/v1/schedules',
      'get /api/v1/schedules/{schedule_id}',
      'get /api/v1/statistics',
      'get /api/v1/tasks',
      'get /api/v1/tasks/next',
      'get /api/v1/tasks/{task_id}',
      'get /api/v1/tasks/{task_id}/dependencies',
      'get /api/v1/tasks/{task_id}/events',
      'get /api/v1/tasks/{task_id}/history',
      'get /api/v1/workers',
      'get /api/v1/workers/{worker_id}',
      'get /health',
      'get /health/live',
      'get /health/ready',
      'get /metrics',
      'get /tasks/{task_id}',
      'patch /api/v1/schedules/{schedule_id}',
      'post /api/v1/keys',
      'post /api/v1/schedules',
      'post /api/v1/schedules/{schedule_id}/run',
      'post /api/v1/tasks',
      'post /api/v1/tasks/batch',
      'post /api/v1/tasks/bulk-cancel',
      'post /api/v1/tasks/bulk-retry',
      'post /api/v1/tasks/claim',
      'post /api/v1/tasks/complete',
      'post /api/v1/tasks/{task_id}/cancel',
      'post /api/v1/tasks/{task_id}/complete',
      'post /api/v1/tasks/{task_id}/fail',
      'post /api/v1/tasks/{task_id}/heartbeat',
      'post /api/v1/tasks/{task_id}/progress',
      'post /api/v1/tasks/{task_id}/release',
      'post /api/v1/tasks/{task_id}/retry',
      'post /tasks',
      'put /api/v1/concurrency-keys/{key}',
      'put /api/v1/config',
    ]);
  });

  it('tells of every endpoint of the API all errors that all of them can give', () => {
    for (const [name, operation] of operations().filter(([path]) => path.includes('/api/'))) {
      const statuses = Object.keys(operation.responses as Json);
      expect([name, statuses]).toEqual([
        name,
        expect.arrayContaining(['400', '401', '403', '429', '500', '502', '503', '504']),
      ]);
      const ofOneTask = name.includes('{task_id}') ? ['404'] : [];
      const withBody = name.startsWith('post') ? ['409', '413', '415', '422'] : [];
      expect([name, statuses]).toEqual([name, expect.arrayContaining([...ofOneTask, ...withBody])]);
    }
  });

  it('has an example of every answer, and of every body', () => {
    const without = operations().flatMap(([name, operation]) => {
      const body = operation.requestBody as Json | undefined;
      const holders = [
        ...responsesOf(operation),
        ...(body === undefined ? [] : [['body', body] as [string, Json]]),
      ];
      return holders
        .filter(([, holder]) => Object.keys(mediaOf(holder).examples ?? {}).length === 0)
        .map(([status]) => `${name} ${status}`);
    });
    expect(without).toEqual([]);
  });

  it('has no example that its own schema refuses', () => {
    const wrong = operations().flatMap(([name, operation]) => {
      const body = operation.requestBody as Json | undefined;
      const holders = [
        ...responsesOf(operation).map(([, response]) => response),
        ...(body === undefined ? [] : [body]),
      ];
      return holders.flatMap((holder) => refused(name, mediaOf(holder)));
    });
    expect(wrong).toEqual([]);
  });

  it('has an example of every field and parameter that its own schema takes', () => {
    const bodies = Object.entries(document.components?.schemas ?? {}).filter(([name]) =>
      name.endsWith('Body'),
    );
    const fields = bodies.flatMap(([name, schema]) =>
      Object.entries((schema as { properties: Record<string, Json> }).properties).map(
        ([field, property]): [string, Json] => [`${name}.${field}`, property],
      ),
    );
    const parameters = operations().flatMap(([name, operation]) =>
      ((operation.parameters ?? []) as Json[]).map((parameter): [string, Json] => {
        const { schema, example, name: parameterName } = parameter;
        return [`${name} ${String(parameterName)}`, { example, ...(schema as Json) }];
      }),
    );
    const wrong = [...fields, ...parameters]
      .filter(
        ([, { example, ...schema }]) => example === undefined || !ajv.validate(pointed(schema), example),
      )
      .map(([name]) => name);
    expect(wrong).toEqual([]);
  });

  it('closes what the service closes: a body with an unknown field is not valid', () => {
    const schema = { $ref: 'api#/components/schemas/CreateTaskBody' };
    expect(ajv.validate(schema, { work_directory: '/srv', prompt: 'x' })).toBe(true);
    expect(ajv.validate(schema, { work_directory: '/srv', prompt: 'x', colour: 'red' })).toBe(false);
  });

  it('describes what the service really answers', async () => {
    const admin = service.as('admin');
    await admin.createTask({ payload: { a: 1 } });
    const { task_id: id, lease_token: token } = await admin.claimTask();
    const asked: [string, string, unknown?][] = [
      ['post /api/v1/tasks', '/api/v1/tasks', { work_directory: '/srv', prompt: 'read' }],
      ['get /api/v1/tasks/next', '/api/v1/tasks/next?work_path=/srv'],
      ['get /api/v1/tasks/next', '/api/v1/tasks/next?work_path=/nothing/here'],
      ['get /api/v1/tasks', '/api/v1/tasks?limit=1'],
      ['get /api/v1/tasks/{task_id}', `/api/v1/tasks/${id}`],
      ['post /api/v1/tasks/{task_id}/cancel', `/api/v1/tasks/${id}/cancel`, {}],
      [
        'post /api/v1/tasks/{task_id}/fail',
        `/api/v1/tasks/${id}/fail`,
        { error_message: 'x', lease_token: token },
      ],
      ['post /api/v1/tasks/{task_id}/retry', `/api/v1/tasks/${id}/retry`, {}],
      ['get /api/v1/tasks/{task_id}/history', `/api/v1/tasks/${id}/history`],
      ['post /api/v1/tasks/{task_id}/complete', `/api/v1/tasks/${id}/complete`, { status: 'over' }],
      ['post /api/v1/tasks/batch', '/api/v1/tasks/batch', { tasks: [NEW, NEW, NEW] }],
      ['post /api/v1/tasks/batch', '/api/v1/tasks/batch', { tasks: [{}] }],
      ['post /api/v1/tasks/claim', '/api/v1/tasks/claim', { worker_id: 'worker-2', limit: 2 }],
      ['post /api/v1/tasks/claim', '/api/v1/tasks/claim', { work_path: '/nothing/here' }],
      [
        'post /api/v1/tasks/complete',
        '/api/v1/tasks/complete',
        { completions: [{ task_id: id, lease_token: 'none' }] },
      ],
      ['post /api/v1/tasks/bulk-cancel', '/api/v1/tasks/bulk-cancel', { all: true, dry_run: true }],
      ['post /api/v1/tasks/bulk-retry', '/api/v1/tasks/bulk-retry', {}],
      ['post /api/v1/tasks/{task_id}/heartbeat', `/api/v1/tasks/${id}/heartbeat`],
      ['post /api/v1/tasks/{task_id}/progress', `/api/v1/tasks/${id}/progress`, { progress: 101 }],
      ['post /api/v1/tasks/{task_id}/release', `/api/v1/tasks/${id}/release`, {}],
      ['get /api/v1/tasks/{task_id}/dependencies', `/api/v1/tasks/${id}/dependencies`],
      ['post /api/v1/tasks', '/api/v1/tasks', { ...NEW, depends_on: [id], concurrency_key: 'repo' }],
      ['get /api/v1/concurrency-keys', '/api/v1/concurrency-keys'],
      ['get /api/v1/concurrency-keys/{key}', '/api/v1/concurrency-keys/repo'],
      ['get /api/v1/concurrency-keys/{key}', '/api/v1/concurrency-keys/none'],
      ['get /api/v1/workers', '/api/v1/workers'],
      ['get /api/v1/workers/{worker_id}', '/api/v1/workers/worker-2'],
      ['get /api/v1/workers/{worker_id}', '/api/v1/workers/nobody'],
      ['get /api/v1/events', '/api/v1/events?after=never'],
      ['post /api/v1/keys', '/api/v1/keys', { name: 'ci', roles: ['producer'], requests_per_minute: 9 }],
      ['post /api/v1/keys', '/api/v1/keys', { name: 'ci', roles: ['producer'] }],
      ['get /api/v1/keys', '/api/v1/keys'],
      ['get /api/v1/audit', '/api/v1/audit?limit=1'],
      ['get /api/v1/audit', '/api/v1/audit?action=config.change'],
      ['post /tasks', '/tasks', { task_type: 'echo', description: 'read', parameters: null }],
      ['post /tasks', '/tasks', { task_type: 'echo', priority: 11 }],
      ['get /tasks/{task_id}', `/tasks/${id}`],
      ['get /tasks/{task_id}', '/tasks/nobody'],
      ['get /health', '/health'],
      ['get /health/live', '/health/live'],
      ['get /health/ready', '/health/ready'],
    ];
    for (const [name, path, body] of asked) {
      const { status, text: answer } = await (name.startsWith('get')
        ? admin.get(path)
        : admin.post(path, body));
      const operation = new Map(operations()).get(name) ?? {};
      const response = new Map(responsesOf(operation)).get(String(status));
      expect([name, status, response === undefined]).toEqual([name, status, false]);
      const isValid = ajv.validate(pointed(mediaOf(response ?? {}).schema), JSON.parse(answer));
      expect([name, isValid, ajv.errorsText()]).toEqual([name, true, 'No errors']);
    }
  });

  function refused(name: string, { schema, examples = {} }: Media): string[] {
    return Object.entries(examples)
      .filter(([, { value }]) => !ajv.validate(pointed(schema), value))
      .map(([example]) => `${name} ${example}: ${ajv.errorsText()}`);
  }

  /** The schema, with its references into the document; the same one again, so that it is compiled once. */
  function pointed(schema: Json): Json {
    const wanted = JSON.stringify(schema).replaceAll('"#/', '"api#/');
    const known = schemas.get(wanted) ?? (JSON.parse(wanted) as Json);
    schemas.set(wanted, known);
    return known;
  }
});

/** What the linter says, in its own process. */
async function problemsOf(document: OpenAPIObject): Promise<unknown> {
  const linter = spawn(process.execPath, [join(__dirname, 'lint-openapi.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  linter.stdin.end(JSON.stringify(document));
  return JSON.parse(await text(linter.stdout));
}
