import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { BuiltServer } from '../../support/built-server';
import { ApiClient, type ApiBody } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { EventClient } from '../http/event-client';

const NEXT = '/api/v1/tasks/next';
const LONGEST_WAIT = 25;

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: ApiBody<unknown>;
}

describe('a graceful stop, with requests that would go on for long', () => {
  let server: BuiltServer;
  let admin: ApiClient;
  let agent: Agent;
  let followers: EventClient[];

  beforeEach(async () => {
    server = await BuiltServer.start({ SHUTDOWN_GRACE_SECONDS: '15' });
    admin = new ApiClient(server.url, server.key);
    agent = new Agent({ keepAlive: true });
    followers = [];
  });

  afterEach(async () => {
    followers.forEach((follower) => follower.close());
    agent.destroy();
    await server.dispose();
  });

  const follow = async (path: string): Promise<EventClient> => {
    const follower = await EventClient.open(server.url + path, {}, server.key);
    followers.push(follower);
    return follower;
  };

  /** A claim that waits for a task of a directory, under a key when it has one. */
  function wait(directory: string, key?: string): ClientRequest {
    const headers = {
      authorization: `Bearer ${server.key}`,
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const query = `?work_path=${directory}&wait=${LONGEST_WAIT}`;
    return request(server.url + NEXT + query, { headers, agent }).end();
  }

  function waitForMany(key: string): ClientRequest {
    const headers = {
      ...{ authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      'idempotency-key': key,
    };
    const sent = request(`${server.url}/api/v1/tasks/claim`, { method: 'POST', headers, agent });
    return sent.end(JSON.stringify({ work_path: '/srv/many', limit: 10, wait: LONGEST_WAIT }));
  }

  /** Comes back when the claim under this key has begun: its key is in use then. */
  async function begun(repeat: () => ClientRequest): Promise<void> {
    await eventually(async () => {
      const probe = repeat();
      const answer = await answerTo(probe);
      return answer.status === 409 ? true : null;
    });
  }

  async function answerTo(sent: ClientRequest): Promise<Answer> {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const { statusCode: status, headers } = response;
    return { status, connection: headers.connection, body: (await json(response)) as ApiBody<unknown> };
  }

  /** A creation of which the service has half the body. @returns sends the rest */
  async function beginCreate(directory: string): Promise<() => Promise<Answer>> {
    const body = JSON.stringify({ work_directory: directory, prompt: 'Come late.' });
    const headers = {
      ...{ authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      ...{ 'content-length': Buffer.byteLength(body), expect: '100-continue' },
    };
    const sent = request(`${server.url}/api/v1/tasks`, { method: 'POST', headers, agent });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.write(body.slice(0, 20));
    return () => answerTo(sent.end(body.slice(20)));
  }

  it('ends streams of events as they should end, and only after what had happened', async () => {
    const { task_id: id } = await admin.createTask();
    const all = await follow('/api/v1/events?after=0');
    const ofTask = await follow(`/api/v1/tasks/${id}/events`);
    const fresh = await Promise.all(Array.from({ length: 20 }, () => follow('/api/v1/events')));
    await Promise.all([all.until(1), ofTask.until(1)]);

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(await Promise.all(followers.map((each) => each.ended()))).toEqual(followers.map(() => 'ended'));
    expect([all, ofTask].map(({ events }) => events)).toMatchObject([
      [{ id: '1', event: 'task.created' }],
      [{ id: '1', event: 'task.created' }],
    ]);
    expect(fresh.flatMap(({ events }) => events)).toEqual([]);
  });

  it('answers claims that wait with nothing, and closes their connections', async () => {
    const single = ['a', 'b', 'c'].map((key) => [key, answerTo(wait('/srv/single', key))] as const);
    const many = answerTo(waitForMany('many'));
    for (const [key] of single) await begun(() => wait('/srv/single', key));
    await begun(() => waitForMany('many'));

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    for (const [, answer] of single) {
      expect(await answer).toMatchObject({
        ...{ status: 200, connection: 'close' },
        body: { success: true, data: null, error: null },
      });
    }
    expect(await many).toMatchObject({ status: 200, body: { success: true, data: { tasks: [] } } });
  });

  it('claims nothing for those who were sent away, or had gone, while tasks still come', async () => {
    const gone = wait('/srv/gone');
    const waiting = answerTo(wait('/srv/waiting', 'key'));
    await begun(() => wait('/srv/waiting', 'key'));
    const hungUp = expect(answerTo(gone)).rejects.toThrow('socket hang up');
    gone.destroy();
    await hungUp;
    const finishes = [await beginCreate('/srv/gone'), await beginCreate('/srv/waiting')];
    server.signal('SIGTERM');
    expect(await waiting).toMatchObject({ status: 200, body: { data: null } });

    const created = await Promise.all(finishes.map((finish) => finish()));
    expect(created.map(({ status }) => status)).toEqual([201, 201]);
    expect(await server.end()).toEqual({ code: 0, signal: null });
    await server.restart();
    const again = new ApiClient(server.url, server.key);
    const { body } = await again.get<{ tasks: readonly unknown[] }>('/api/v1/tasks');
    expect(body.data.tasks).toHaveLength(2);
    for (const task of body.data.tasks) expect(task).toMatchObject({ status: 'waiting', attempt: 0 });
  });
});
