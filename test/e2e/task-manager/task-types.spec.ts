import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, violationsIn } from '../../support/api-client';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { TaskManagerClient } from '../../support/task-manager-client';

const CONFIG = `
[task_types.ocr]
timeout = 60
max_retries = 7
retry_base_seconds = 1000
retry_cap_seconds = 1000

[task_types.ocr.payload_schema]
required = ["file_path"]
additionalProperties = false
properties.file_path = { type = "string", minLength = 1 }
properties.pages = { type = "array", items = { type = "integer", minimum = 1 } }

[task_types.health_check]
timeout = 5
`;

describe('types of tasks from the configuration file', () => {
  let folder: string;
  let server: BuiltServer;
  let api: TaskManagerClient;
  let orchestrator: ApiClient;

  beforeAll(async () => {
    folder = scratchFolder();
    mkdirSync(join(folder, 'conf'));
    writeFileSync(join(folder, 'conf/service.toml'), CONFIG);
    server = await BuiltServer.start({ CONFIG_FILE: 'conf/service.toml' }, folder);
    api = new TaskManagerClient(`${server.url}/task-manager`, server.key);
    orchestrator = new ApiClient(server.url, server.key);
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const ocr = (payload: object, changes: object = {}): object => ({
    task_type: 'ocr',
    kb_id: 'kb_1',
    payload,
    ...changes,
  });

  it('give their defaults, at every door', async () => {
    const payload = { file_path: '/a.txt', pages: [1, 2] };
    expect((await api.post('/api/v1/tasks', ocr(payload))).body).toMatchObject({
      timeout: 60,
      max_retries: 7,
    });
    expect((await api.post('/api/v1/tasks', ocr(payload, { timeout: 9 }))).body).toMatchObject({
      timeout: 9,
    });
    const { task_id: id } = await orchestrator.createTask({ task_type: 'ocr', payload });
    expect(await orchestrator.readTask(id)).toMatchObject({
      ...{ timeout_seconds: 60, max_retries: 7, auto_retry: false },
    });
    for (const said of [{}, { timeout_seconds: null }]) {
      const body = { task_type: 'ocr', description: 'read it', parameters: payload, ...said };
      const { body: filed } = await orchestrator.post<object>('/tasks', body);
      expect(filed).toMatchObject({ timeout_seconds: 60 });
    }
    const own = { task_type: 'ocr', description: 'read it', parameters: payload, timeout_seconds: 9 };
    expect((await orchestrator.post('/tasks', own)).body).toMatchObject({ timeout_seconds: 9 });
  });

  it('say what holds for a built-in type', async () => {
    expect(await api.create({ task_type: 'health_check' })).toMatchObject({ timeout: 5, max_retries: 3 });
  });

  it('have every violation of their schema named, with its index in a batch', async () => {
    const bad = ocr({ file_path: '', pages: [1, 0, 'x'], colour: 'red' });
    const paths = ['payload.colour', 'payload.file_path', 'payload.pages[1]', 'payload.pages[2]'];
    const one = await api.post('/api/v1/tasks', bad);
    expect([one.status, one.failure.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(one.failure.details.fields?.map(({ field }) => field).sort()).toEqual(paths);
    const many = await api.post('/api/v1/tasks/batch', [ocr({ file_path: 'a' }), bad]);
    expect(many.failure.details.index).toBe(1);
    expect(many.failure.details.fields?.map(({ index, field }) => [index, field]).sort()).toEqual(
      paths.map((path) => [1, path]),
    );
    const elsewhere = await orchestrator.post('/api/v1/tasks', {
      ...{ task_type: 'ocr', work_directory: '/srv', prompt: 'read' },
      payload: {},
    });
    expect([elsewhere.status, violationsIn(elsewhere)]).toEqual([
      400,
      [{ field: 'payload.file_path', reason: 'is required', constraints: {} }],
    ]);
  });

  it('wait between attempts as long as they say', async () => {
    await api.create({ ...ocr({ file_path: 'a' }), priority: 'critical' });
    const task = await api.claim('worker_001', { task_types: ['ocr'] });
    const before = Date.now();
    const failed = await api.must('POST', `/api/v1/tasks/${task.id}/fail`, { error_message: 'x' });
    const waitMs = Date.parse(String(failed.schedule_for)) - before;
    expect(waitMs).toBeGreaterThan(490_000);
    expect(waitMs).toBeLessThan(1_010_000);
  });
});
