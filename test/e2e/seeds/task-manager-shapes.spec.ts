import { TestService } from '../http/service';
import { taskManagerOf } from '../task-manager/clients';
import { itNeeding } from '../../support/it-needing';
import type { TaskManagerClient } from '../../support/task-manager-client';
import { ManualTimers } from '../../support/manual-timers';
import { missingDocument, seedDocument } from './seed-documents';
import { shapeFaults } from './shape';
import { answerUnder, TASK_MANAGER } from './task-manager';

describe('the answers of the task manager, beside those of its document', () => {
  const missing = missingDocument(TASK_MANAGER);
  const itHere = itNeeding(missing);
  if (missing !== null) {
    itHere('have the same shape', () => Promise.resolve());
    return;
  }

  const document = seedDocument(TASK_MANAGER);
  let service: TestService;
  let api: TaskManagerClient;

  beforeEach(async () => {
    const timers = new ManualTimers();
    service = await TestService.start({ timers });
    api = taskManagerOf(service);
    const { id } = await api.create({ priority: 'critical' });
    await api.claim();
    service.clock.advance(1_500);
    await api.must('POST', `/api/v1/tasks/${id}/complete`, { result: { chunks: 1 } });
    // What was known about the time that a task takes is looked up anew.
    await timers.advance(1_000);
  });
  afterEach(() => service.close());

  const expectDocumented = (heading: string, answer: unknown, without: readonly string[] = []): void => {
    const shown = Object.entries(answerUnder(document, heading) as object);
    const documented = Object.fromEntries(shown.filter(([key]) => !without.includes(key)));
    expect(shapeFaults(documented, answer)).toEqual([]);
  };

  itHere('create, read and list tasks in them', async () => {
    const created = await api.create();
    expectDocumented('创建任务', created);
    expectDocumented('获取任务详情', await api.read((await api.claim()).id), ['result']);
    const { tasks } = await api.must<{ tasks: readonly { id: string; status: string }[] }>(
      'GET',
      '/api/v1/tasks',
    );
    const done = tasks.find(({ status }) => status === 'completed');
    expect(await api.read(done?.id ?? '')).toMatchObject({ result: { chunks: 1 } });
    expectDocumented('获取任务列表', await api.must('GET', '/api/v1/tasks'));
  });

  itHere('cancel, and create many, in them', async () => {
    const { id } = await api.create();
    const canceled = await api.must<object>('DELETE', `/api/v1/tasks/${id}`);
    expectDocumented('取消任务', canceled);
    expect(canceled).toMatchObject({ message: 'Task canceled successfully' });
    const one = { task_type: 'embedding_generation', kb_id: 'kb_001', payload: {} };
    expectDocumented('批量创建任务', await api.must('POST', '/api/v1/tasks/batch', [one, one]));
  });

  itHere('tell figures in them', async () => {
    await api.create();
    await api.claim();
    const statistics = await api.must<object>('GET', '/api/v1/stats/tasks');
    expectDocumented('任务统计', statistics, ['type_breakdown']);
    expect(statistics).toMatchObject({ type_breakdown: { document_processing: 2 } });
    expectDocumented('系统统计', await api.must('GET', '/api/v1/stats/system'));
    const info = await api.must<object>(
      'GET',
      '/api/v1/queues/info?task_type=document_processing&priority=high',
    );
    expectDocumented('获取队列信息', info);
    expect(info).toMatchObject({ queue_key: 'task_queue:high' });
  });

  itHere('tell health in them, but for the Redis that there is not', async () => {
    const health = await api.must<{ details: object }>('GET', '/health');
    expectDocumented('健康检查', health, ['details']);
    expect(health).toMatchObject({
      ...{ status: 'healthy', service: 'task-manager' },
      details: { database: { status: 'healthy' }, queue: { status: 'healthy' } },
    });
    expect(health.details).not.toHaveProperty('redis');
  });

  itHere('refuse in them', async () => {
    const { failure } = await api.get('/api/v1/tasks/invalid_id');
    const documented = answerUnder(document, '错误响应格式') as { code: string; error: string };
    expect(shapeFaults(documented, failure)).toEqual([]);
    expect([failure.code, failure.error]).toEqual([documented.code, documented.error]);
  });
});
