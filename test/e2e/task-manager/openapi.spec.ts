import { buildOpenApi, MAIN_DOCUMENT, TASK_MANAGER_DOCUMENT } from '../../../src/http/openapi';
import { ApiDocumentChecks } from '../http/api-document';
import { TestService } from '../http/service';
import { taskManagerOf } from './clients';

const NEW = { task_type: 'document_processing', kb_id: 'kb_1', payload: {} };

describe('the OpenAPI document of the task manager', () => {
  let service: TestService;
  let checks: ApiDocumentChecks;

  beforeAll(async () => {
    service = await TestService.start();
    checks = new ApiDocumentChecks(await buildOpenApi(service.app, TASK_MANAGER_DOCUMENT));
  });
  afterAll(() => service.close());

  it('is served as it is built, with a page of its own', async () => {
    const { status, text } = await taskManagerOf(service, null).get('/openapi.json');
    expect(status).toBe(200);
    const document = await buildOpenApi(service.app, TASK_MANAGER_DOCUMENT);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
    const page = await fetch(`${service.baseUrl}/task-manager/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('html')]);
    const styles = /href="([^"]+\.css)"/.exec(await page.text())?.[1] ?? '';
    expect((await fetch(new URL(styles, page.url))).status).toBe(200);
  });

  it('passes the linter’s recommended rules without an error or a warning', async () => {
    expect(await checks.lint()).toEqual([]);
  });

  it('has every endpoint, and the other document has none of them', async () => {
    expect(checks.names).toEqual([
      'delete /api/v1/tasks/{task_id}',
      'get /api/v1/queues/info',
      'get /api/v1/stats/system',
      'get /api/v1/stats/tasks',
      'get /api/v1/tasks',
      'get /api/v1/tasks/{task_id}',
      'get /health',
      'get /metrics',
      'post /api/v1/tasks',
      'post /api/v1/tasks/batch',
      'post /api/v1/tasks/{task_id}/complete',
      'post /api/v1/tasks/{task_id}/fail',
      'post /api/v1/tasks/{task_id}/release',
      'post /api/v1/tasks/{task_id}/retry',
      'post /api/v1/workers/{worker_id}/claim',
      'post /api/v1/workers/{worker_id}/heartbeat',
      'put /api/v1/tasks/{task_id}/progress',
    ]);
    const { paths } = await buildOpenApi(service.app, MAIN_DOCUMENT);
    expect(Object.keys(paths).filter((path) => path.includes('task-manager'))).toEqual([]);
  });

  it('tells of every endpoint all errors that all of them can give', () => {
    for (const name of checks.names.filter((candidate) => candidate.includes('/api/'))) {
      const changes = !name.startsWith('get');
      expect([name, checks.statusesOf(name)]).toEqual([
        name,
        expect.arrayContaining([
          ...['400', '401', '403', '429', '500', '503'],
          ...(name.includes('{task_id}') ? ['404'] : []),
          ...(changes ? ['409', '413', '415', '422'] : []),
        ]),
      ]);
    }
  });

  it('has an example of every answer and body that its own schema takes', () => {
    expect(checks.wrongExamples()).toEqual([]);
  });

  it('has an example of every field and parameter that its own schema takes', () => {
    expect(checks.wrongFields()).toEqual([]);
  });

  it('describes what the service really answers', async () => {
    const api = taskManagerOf(service);
    const { id } = await api.create();
    const asked: [string, string, unknown?][] = [
      ['post /api/v1/tasks', '/api/v1/tasks', NEW],
      ['post /api/v1/tasks', '/api/v1/tasks', {}],
      ['post /api/v1/tasks/batch', '/api/v1/tasks/batch', [NEW, NEW]],
      ['post /api/v1/tasks/batch', '/api/v1/tasks/batch', [NEW, {}]],
      ['get /api/v1/tasks', '/api/v1/tasks?page_size=1'],
      ['get /api/v1/tasks', '/api/v1/tasks?page=0'],
      ['get /api/v1/tasks/{task_id}', `/api/v1/tasks/${id}`],
      ['get /api/v1/tasks/{task_id}', '/api/v1/tasks/x'],
      ['post /api/v1/workers/{worker_id}/claim', '/api/v1/workers/w/claim', {}],
      ['post /api/v1/workers/{worker_id}/claim', '/api/v1/workers/w/claim', { kb_id: 'none' }],
      ['post /api/v1/workers/{worker_id}/heartbeat', '/api/v1/workers/w/heartbeat'],
      ['put /api/v1/tasks/{task_id}/progress', `/api/v1/tasks/${id}/progress`, { progress: 5 }],
      [
        'put /api/v1/tasks/{task_id}/progress',
        `/api/v1/tasks/${id}/progress`,
        { progress: 5, worker_id: 'x' },
      ],
      ['post /api/v1/tasks/{task_id}/release', `/api/v1/tasks/${id}/release`],
      ['post /api/v1/tasks/{task_id}/fail', `/api/v1/tasks/${id}/fail`, { error_message: 'x' }],
      ['post /api/v1/tasks/{task_id}/retry', `/api/v1/tasks/${id}/retry`],
      ['post /api/v1/tasks/{task_id}/complete', `/api/v1/tasks/${id}/complete`, { result: 1 }],
      ['delete /api/v1/tasks/{task_id}', `/api/v1/tasks/${id}`],
      ['delete /api/v1/tasks/{task_id}', `/api/v1/tasks/${id}`],
      ['get /api/v1/stats/tasks', '/api/v1/stats/tasks'],
      ['get /api/v1/stats/system', '/api/v1/stats/system'],
      ['get /api/v1/queues/info', '/api/v1/queues/info?priority=high'],
      ['get /health', '/health'],
    ];
    for (const [name, path, body] of asked) {
      const [method = ''] = name.split(' ');
      const { status, text } = await api.send(method.toUpperCase(), path, body);
      expect(checks.wrongAnswer(name, status, text)).toBeNull();
    }
  });
});
