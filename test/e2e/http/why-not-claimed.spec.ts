import type { ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { TestService } from './service';

const IN_AN_HOUR = new Date(NOW + 3_600_000).toISOString();

describe('why a task is not claimed', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  it('is its place in line', async () => {
    const low = await admin.createTask({ priority: 'low' });
    const first = await admin.createTask();
    const second = await admin.createTask();
    const places = await Promise.all(
      [first, second, low].map(async ({ task_id: id }) => (await admin.readTask(id)).place_in_line),
    );
    expect(places).toEqual([1, 2, 3]);
    await admin.claimTask();
    expect(await admin.readTask(second.task_id)).toMatchObject({ place_in_line: 1, blocked_by: [] });
  });

  it('is that its time has not come', async () => {
    const { task_id: id } = await admin.createTask({ schedule_for: IN_AN_HOUR });
    expect(await admin.readTask(id)).toMatchObject({
      blocked_by: [{ kind: 'not_due', available_at: IN_AN_HOUR }],
      place_in_line: 0,
    });
  });

  it('is nothing for a task that does not wait', async () => {
    await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    expect(await admin.readTask(id)).toMatchObject({ blocked_by: null, place_in_line: null });
  });

  it('is left out of lists', async () => {
    await admin.createTask({ schedule_for: IN_AN_HOUR });
    const { body } = await admin.get<{ tasks: object[] }>('/api/v1/tasks');
    expect(Object.keys(body.data.tasks[0] ?? {})).not.toEqual(
      expect.arrayContaining(['blocked_by', 'place_in_line']),
    );
  });
});
