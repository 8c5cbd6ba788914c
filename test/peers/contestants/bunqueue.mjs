import { join } from 'node:path';
import { folderOf, versionOf } from '../install.mjs';
import { freePort } from '../../support/loopback-port.mjs';
import { startServer, stopServer } from '../processes.mjs';
import { Connections } from '../wire.mjs';
import { textOf } from '../work.mjs';

const JOBS = '/queues/peers/jobs';
const HEADERS = 'Content-Type: application/json\r\n';
const BATCH = 1000;

/** bunqueue over HTTP, each job durable before it is acknowledged. */
export async function open({ folder, database, atOnce }) {
  const port = await freePort();
  const bun = join(folderOf('@oven/bun-linux-x64'), 'bin/bun');
  const args = [
    'start',
    '--host',
    '127.0.0.1',
    '--http-port',
    String(port),
    '--tcp-port',
    String(await freePort()),
  ];
  const server = await startServer(
    bun,
    [join(folderOf('bunqueue'), 'dist/cli/index.js'), ...args, '--data-path', join(database, 'queue.db')],
    {
      cwd: folder,
      // Nobody else's is on either.
      env: { RATE_LIMIT_MAX_REQUESTS: String(Number.MAX_SAFE_INTEGER) },
      log: join(folder, 'bunqueue.log'),
      isReady: async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok,
    },
  );
  const connections = await Connections.open(port, atOnce);
  const ask = async (method, path, body) => {
    const answer = await connections.ask(
      method,
      path,
      HEADERS,
      body === undefined ? '' : JSON.stringify(body),
    );
    if (answer?.ok === false) throw new Error(`${method} ${path}: ${answer.error}`);
    return answer;
  };
  return {
    pid: server.pid,
    version: versionOf('bunqueue'),
    settings: `HTTP, durable: true, Bun ${versionOf('bun')}; its SQLite has synchronous=NORMAL, so that what is acknowledged is written and not flushed; rate limit raised out of reach`,
    file: (number) => ask('POST', JOBS, jobOf(number)),
    claim: async () => (await ask('GET', JOBS)).job ?? null,
    complete: ({ id }) => ask('POST', `/jobs/${id}/ack`, { result: { status: 'success' } }),
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        const jobs = Array.from({ length: size }, (_, index) => jobOf(first + index));
        await ask('POST', `${JOBS}/bulk`, { jobs });
      }
    },
    async close() {
      connections.close();
      await stopServer(server);
    },
  };
}

function jobOf(number) {
  return { name: 'task', data: { text: textOf(number) }, durable: true };
}
