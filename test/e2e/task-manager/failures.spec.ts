import type { Role } from '@task/domain';
import type { TaskManagerClient } from '../../support/task-manager-client';
import { TestService } from '../http/service';
import { taskManagerOf } from './clients';

describe('the task manager', () => {
  let service: TestService;
  let api: TaskManagerClient;

  beforeEach(async () => {
    service = await TestService.start();
    api = taskManagerOf(service);
  });
  afterEach(() => service.close());

  describe('what is refused', () => {
    it.each<[Role | null, string, string, number, string]>([
      [null, 'GET', '/api/v1/tasks', 401, 'UNAUTHORIZED'],
      ['reader', 'POST', '/api/v1/tasks', 403, 'FORBIDDEN'],
      ['worker', 'DELETE', '/api/v1/tasks/x', 403, 'FORBIDDEN'],
      ['producer', 'POST', '/api/v1/workers/w/claim', 403, 'FORBIDDEN'],
      ['producer', 'PUT', '/api/v1/tasks/x/progress', 403, 'FORBIDDEN'],
      ['reader', 'GET', '/api/v1/nothing', 404, 'NOT_FOUND'],
      ['reader', 'PATCH', '/api/v1/tasks/x', 405, 'METHOD_NOT_ALLOWED'],
      ['reader', 'GET', '/API/V1/TASKS/x', 404, 'TASK_NOT_FOUND'],
    ])('is worded in its own way: %s %s %s', async (role, method, path, status, code) => {
      const answer = await taskManagerOf(service, role).send(method, path, method === 'GET' ? undefined : {});
      expect([answer.status, Object.keys(answer.failure)]).toEqual([
        status,
        ['error', 'message', 'code', 'details'],
      ]);
      expect(answer.failure.code).toBe(code);
    });

    it('is told in Chinese where that is asked for', async () => {
      const headers = { 'Accept-Language': 'zh' };
      const { failure } = await api.send('POST', '/api/v1/tasks', { task_type: 'x' }, headers);
      expect(failure).toMatchObject({ error: '请求参数无效', message: '请求参数验证失败' });
      expect(failure.details.fields?.[0]).toMatchObject({ field: 'kb_id', reason: '不能为空' });
    });

    it('is another’s page that sends a change', async () => {
      const headers = { Origin: 'https://evil.example' };
      expect((await api.send('POST', '/api/v1/tasks', {}, headers)).failure.code).toBe('FORBIDDEN');
    });
  });
});
