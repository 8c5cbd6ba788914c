import { EventLog, type EventFilter, type EventPage } from '@task/application';
import { EventClient } from './event-client';
import { TestService } from './service';

const EVENTS = '/api/v1/events';

/** A log of which the beginning is not kept any more. */
class TrimmedLog extends EventLog {
  constructor(
    private readonly whole: EventLog,
    private readonly oldest: number,
  ) {
    super();
  }

  override read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    return this.whole.read(Math.max(after, this.oldest - 1), limit, filter);
  }

  override async bounds(): Promise<{ oldest: number; newest: number }> {
    return { ...(await this.whole.bounds()), oldest: this.oldest };
  }
}

describe('the stream of events whose beginning is gone', () => {
  let service: TestService;
  let taskId: string;
  let youngerId: string;
  let client: EventClient;

  beforeEach(async () => {
    service = await TestService.start({ eventLog: (log) => new TrimmedLog(log, 3) });
    const admin = service.as('admin');
    ({ task_id: taskId } = await admin.createTask());
    await admin.claimTask();
    await admin.post(`/api/v1/tasks/${taskId}/complete`);
    ({ task_id: youngerId } = await admin.createTask());
  });
  afterEach(async () => {
    client.close();
    await service.close();
  });

  const follow = async (path: string): Promise<EventClient> =>
    (client = await EventClient.open(service.baseUrl + path));

  it('says so to a reader whose place is older, and goes on with the oldest that is kept', async () => {
    const events = await (await follow(`${EVENTS}?after=1`)).until(3);
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      ['2', 'reset'],
      ['3', 'task.completed'],
      ['4', 'task.created'],
    ]);
    expect(events[0]?.data).toEqual({ oldest: 3 });
  });

  it('says nothing to a reader that has all of what is gone', async () => {
    expect(await (await follow(`${EVENTS}?after=2`)).until(2)).toMatchObject([{ id: '3' }, { id: '4' }]);
  });

  it('says so to a reader of one task, where something of that task is gone', async () => {
    const events = await (await follow(`/api/v1/tasks/${taskId}/events?after=1`)).until(2);
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      ['2', 'reset'],
      ['3', 'task.completed'],
    ]);
  });

  it('says nothing to a reader of one task that is younger than all that is gone', async () => {
    const events = await (await follow(`/api/v1/tasks/${youngerId}/events?after=1`)).until(1);
    expect(events.map(({ id, event }) => [id, event])).toEqual([['4', 'task.created']]);
    client.close();
    const behindIt = await follow(`/api/v1/tasks/${youngerId}/events?after=4`);
    await service.as('admin').post(`/api/v1/tasks/${youngerId}/cancel`);
    expect(await behindIt.until(1)).toMatchObject([{ id: '5', event: 'task.cancelled' }]);
  });

  it('says nothing to a reader of one task that names no place', async () => {
    expect(await (await follow(`/api/v1/tasks/${taskId}/events`)).until(1)).toMatchObject([{ id: '3' }]);
  });
});
