import { join } from 'node:path';
import { PROJECT, own } from '../install.mjs';
import { freePort } from '../../support/loopback-port.mjs';
import { startServer, stopServer } from '../processes.mjs';
import { Connections } from '../wire.mjs';
import { textOf } from '../work.mjs';

const KEY = 'a-key-for-nothing-but-the-bench';
const HEADERS = `Authorization: Bearer ${KEY}\r\nContent-Type: application/json\r\n`;
const DIRECTORY = '/srv/bench/peers';
const TASKS = '/api/v1/tasks';
const BATCH = 1000;

/** The built service as a user starts it, its rate limits off. @param atOnce connections */
export async function openService({ folder, database, atOnce }) {
  const port = await freePort();
  const server = await startServer(process.execPath, [join(PROJECT, 'bin/task-orchestrator.js'), 'serve'], {
    cwd: folder,
    log: '/dev/null',
    env: {
      SERVER_PORT: String(port),
      TASK_MANAGER_PORT: '0',
      DATABASE_URL: `sqlite:///${join(database, 'tasks.db')}`,
      API_SECRET_KEY: KEY,
      RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
      RATE_LIMIT_BURST_SIZE: '0',
    },
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok,
  });
  const connections = await Connections.open(port, atOnce);
  const { version } = own('./package.json');
  return {
    pid: server.pid,
    version,
    ask: async (method, path, body) =>
      (await connections.ask(method, path, HEADERS, body === undefined ? '' : JSON.stringify(body))).data,
    async close() {
      connections.close();
      await stopServer(server);
    },
  };
}

/** A task as it is filed. */
export function taskOf(number) {
  return { work_directory: DIRECTORY, prompt: textOf(number) };
}

/** Files so many tasks, 1 000 a request. */
export async function seedService({ ask }, count) {
  for (let first = 0; first < count; first += BATCH) {
    const tasks = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => taskOf(first + index));
    await ask('POST', `${TASKS}/batch`, { tasks });
  }
}

/** One task a request. */
export async function open(place) {
  const service = await openService(place);
  const { ask } = service;
  return {
    ...service,
    settings: 'HTTP, SQLite, synchronous=FULL, log level info to /dev/null, keys on, rate limits off',
    file: (number) => ask('POST', TASKS, taskOf(number)),
    claim: () => ask('GET', `${TASKS}/next?work_path=${DIRECTORY}&worker_id=worker-1`),
    complete: ({ task_id: id, lease_token }) =>
      ask('POST', `${TASKS}/${id}/complete`, { lease_token, result: { status: 'success' } }),
    seed: (count) => seedService(service, count),
  };
}
