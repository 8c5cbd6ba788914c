import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { hangUpWhenStalled } from './stalled-reader';

const STALLED_MS = 100;
/** More than the buffers of any kernel take. */
const LARGE = Buffer.alloc(32 * 1024 * 1024, 'x');

describe('hangUpWhenStalled', () => {
  let server: Server;
  let response: ServerResponse;
  let caller: Socket;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    caller = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    caller.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  });

  afterEach(() => {
    caller.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('hangs up on a caller that reads nothing', async () => {
    response.end(LARGE);
    hangUpWhenStalled(response, STALLED_MS);

    await once(response, 'close');
    expect(response.writableFinished).toBe(false);
  });

  it('lets a caller that reads have all of it', async () => {
    response.end(LARGE);
    hangUpWhenStalled(response, STALLED_MS);
    caller.resume();

    await once(response, 'close');
    expect(response.writableFinished).toBe(true);
  });

  it('leaves an answer alone that has nothing to send just now', async () => {
    caller.resume();
    response.write('a beginning');
    await once(caller, 'data');
    hangUpWhenStalled(response, STALLED_MS);

    await once(response, 'timeout');
    expect(response.destroyed).toBe(false);
  });
});
