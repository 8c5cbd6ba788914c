import { fieldsIn, type ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { uuid } from '../../support/counted-ids';
import { EventClient } from './event-client';
import { TestService } from './service';

const EVENTS = '/api/v1/events';

describe('the stream of events', () => {
  let service: TestService;
  let admin: ApiClient;
  let clients: EventClient[];

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
    clients = [];
  });
  afterEach(async () => {
    clients.forEach((client) => client.close());
    await service.close();
  });

  const follow = async (path = EVENTS, headers: Record<string, string> = {}): Promise<EventClient> => {
    const client = await EventClient.open(service.baseUrl + path, headers);
    clients.push(client);
    return client;
  };
  const typesIn = ({ events }: EventClient): (string | undefined)[] => events.map(({ event }) => event);

  it('begins behind the latest, and tells what happens from then on, whole', async () => {
    await admin.createTask();
    const client = await follow();
    expect(client.response.status).toBe(200);
    const { task_id: id } = await admin.claimTask();
    const [event] = await client.until(1);
    expect(event).toEqual({
      id: '2',
      event: 'task.claimed',
      data: {
        id: 2,
        type: 'task.claimed',
        task_id: id,
        version: 2,
        attempt: 1,
        from: 'waiting',
        to: 'working',
        worker_id: 'worker-1',
        at: new Date(NOW).toISOString(),
        details: null,
      },
    });
  });

  it('is neither kept nor collected on its way', async () => {
    const { headers } = (await follow()).response;
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('x-request-id')).not.toBeNull();
  });

  it('tells every kind of event, in order and without a gap', async () => {
    const client = await follow();
    await admin.createTask();
    const { task_id: id, lease_token: token } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/release`, { lease_token: token });
    await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/fail`, { error_message: 'broken' });
    await admin.post(`/api/v1/tasks/${id}/retry`);
    await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/complete`);
    const { task_id: other } = await admin.createTask();
    await admin.post(`/api/v1/tasks/${other}/cancel`);
    const events = await client.until(10);
    expect(typesIn(client)).toEqual([
      'task.created',
      'task.claimed',
      'task.released',
      'task.claimed',
      'task.failed',
      'task.retried',
      'task.claimed',
      'task.completed',
      'task.created',
      'task.cancelled',
    ]);
    expect(events.map((event) => event.id)).toEqual(events.map((_event, index) => String(index + 1)));
    expect(events[4]?.data.details).toEqual({ reason: 'broken' });
  });

  it.each([
    ['?after', `${EVENTS}?after=2`, {}],
    ['Last-Event-ID', EVENTS, { 'Last-Event-ID': '2' }],
    ['Last-Event-ID, which is newer than ?after', `${EVENTS}?after=0`, { 'Last-Event-ID': '2' }],
  ])('goes on behind the place that %s names', async (_what, path, headers) => {
    for (let count = 0; count < 5; count += 1) await admin.createTask();
    const client = await follow(path, headers);
    await admin.createTask();
    expect((await client.until(4)).map(({ id }) => id)).toEqual(['3', '4', '5', '6']);
  });

  it('reads a log of many pages without loss or repeat, while more is written', async () => {
    const tasks = Array.from({ length: 800 }, () => ({ work_directory: '/srv', prompt: 'read' }));
    await admin.post('/api/v1/tasks/batch', { tasks });
    const client = await follow(`${EVENTS}?after=0`);
    await admin.post('/api/v1/tasks/batch', { tasks });
    const events = await client.until(1_600);
    expect(events.map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 1_600 }, (_, index) => index + 1),
    );
  });

  it.each([
    ['type', '?type=task.claimed', ['task.claimed', 'task.claimed']],
    ['types', '?type=task.claimed,task.completed', ['task.claimed', 'task.claimed', 'task.completed']],
    ['status', '?status=completed', ['task.completed']],
    ['statuses', '?status=completed,working', ['task.claimed', 'task.claimed', 'task.completed']],
    ['work directory', '?work_directory=/srv//other/', ['task.created', 'task.claimed']],
    [
      'work directories below',
      '?work_directory=/srv/other&recursive=true',
      ['task.created', 'task.created', 'task.claimed'],
    ],
    ['all of them', '?type=task.claimed&status=working&work_directory=/srv/project', ['task.claimed']],
  ])('can be narrowed down by %s', async (_what, query, expected) => {
    await admin.createTask();
    await admin.createTask({ work_directory: '/srv/other' });
    await admin.createTask({ work_directory: '/srv/other/below' });
    await admin.claimTask('work_path=/srv/other');
    const { task_id: id } = await admin.claimTask();
    const client = await follow(`${EVENTS}${query}&after=0`);
    await admin.post(`/api/v1/tasks/${id}/complete`);
    await admin.createTask({ work_directory: '/srv/other/below', priority: 'low' });
    await client.until(expected.length);
    expect(typesIn(client).slice(0, expected.length)).toEqual(expected);
  });

  it('can be narrowed down to one task', async () => {
    const { task_id: id } = await admin.createTask();
    await admin.createTask();
    const client = await follow(`${EVENTS}?task_id=${id.toUpperCase()}&after=0`);
    await admin.claimTask();
    expect((await client.until(2)).map(({ data }) => data.task_id)).toEqual([id, id]);
  });

  it('tells a reader whose place is ahead of the log to begin anew', async () => {
    await admin.createTask();
    const client = await follow(EVENTS, { 'Last-Event-ID': '700' });
    const [reset, first] = await client.until(2);
    expect(reset).toEqual({ id: '0', event: 'reset', data: { oldest: 1 } });
    expect(first).toMatchObject({ id: '1', event: 'task.created' });
  });

  it('tells the same in an empty log', async () => {
    const client = await follow(`${EVENTS}?after=7`);
    await client.until(1);
    await admin.createTask();
    expect(await client.until(2)).toMatchObject([
      { event: 'reset', data: { oldest: 0 } },
      { event: 'task.created', id: '1' },
    ]);
  });

  it.each([
    ['after', `${EVENTS}?after=-1`, {}],
    ['after', `${EVENTS}?after=x`, {}],
    ['Last-Event-ID', EVENTS, { 'Last-Event-ID': 'x' }],
    ['Last-Event-ID', EVENTS, { 'Last-Event-ID': '1.5' }],
    ['type', `${EVENTS}?type=created`, {}],
    ['status', `${EVENTS}?status=working,done`, {}],
    ['task_id', `${EVENTS}?task_id=x`, {}],
    ['work_directory', `${EVENTS}?work_directory=srv`, {}],
    ['limit', `${EVENTS}?limit=1`, {}],
    ['work_directory', `/api/v1/tasks/${uuid(1)}/events?work_directory=/srv`, {}],
  ])('is not opened with a wrong %s: %s', async (field, path, headers) => {
    const answer = await admin.get(path, headers);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
  });

  it.each(['reader', 'producer', 'worker'] as const)('is open to a %s', async (role) => {
    const client = await EventClient.open(service.baseUrl + EVENTS, {}, role);
    clients.push(client);
    expect(client.response.status).toBe(200);
  });

  it('is closed to everybody else', async () => {
    expect((await service.as(null).get(EVENTS)).status).toBe(401);
  });

  it('has a HEAD, which ends', async () => {
    const { status, text, headers } = await admin.send('HEAD', EVENTS);
    expect([status, text, headers.get('content-type')]).toEqual([
      200,
      '',
      'text/event-stream; charset=utf-8',
    ]);
  });

  describe('of one task', () => {
    it('begins with its first event', async () => {
      const { task_id: id } = await admin.createTask();
      await admin.createTask({ priority: 'low' });
      await admin.claimTask();
      const client = await follow(`/api/v1/tasks/${id}/events`);
      await admin.post(`/api/v1/tasks/${id}/complete`);
      await client.until(3);
      expect(typesIn(client)).toEqual(['task.created', 'task.claimed', 'task.completed']);
    });

    it('goes on where its reader was, and takes filters', async () => {
      const { task_id: id } = await admin.createTask();
      await admin.claimTask();
      await admin.post(`/api/v1/tasks/${id}/complete`);
      const later = await follow(`/api/v1/tasks/${id}/events?after=1`);
      const completed = await follow(`/api/v1/tasks/${id}/events?type=task.completed`);
      expect((await later.until(2)).map((event) => event.id)).toEqual(['2', '3']);
      expect((await completed.until(1)).map((event) => event.id)).toEqual(['3']);
    });

    it.each([uuid(9), 'no-uuid'])('is 404 for %s', async (id) => {
      const { status, body } = await admin.get(`/api/v1/tasks/${id}/events`);
      expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
    });
  });
});
