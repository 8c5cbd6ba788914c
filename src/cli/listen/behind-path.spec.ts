import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { behindPath } from './behind-path';

describe('an application behind a path', () => {
  const told: (string | undefined)[] = [];
  const api = behindPath('/task-manager', {
    handle: ({ url }, response) => response.end(url),
    answerBroken: (_error, under) => {
      told.push(under);
      return null;
    },
  });
  let server: Server;

  beforeAll(async () => {
    server = createServer(api.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => server.close());

  async function seenFor(path: string): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const asked = request({ port, path, agent: false }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return text(response);
  }

  it.each([
    ['/', '/task-manager/'],
    ['/api/v1/tasks?page=1', '/task-manager/api/v1/tasks?page=1'],
    ['/?x', '/task-manager/?x'],
    ['//x', '/task-manager//x'],
    ['/task-manager', '/task-manager'],
    ['/Task-Manager/docs', '/Task-Manager/docs'],
    ['/task-manager?x', '/task-manager?x'],
    ['/task-managers', '/task-manager/task-managers'],
    ['http://tasks.example:8084/health', '/task-manager/health'],
    ['http://tasks.example', '/task-manager/'],
    ['*', '/task-manager/*'],
  ])('sees %s as %s', async (path, seen) => {
    expect(await seenFor(path)).toBe(seen);
  });

  it('lets what is no request be answered as if it had come for that path', () => {
    api.answerBroken?.(new Error('broken'));
    expect(told).toEqual(['/task-manager']);
  });
});
