// Runs the official conformance suite against the built service, at the wire of each revision that it speaks.
// `npm run test:mcp`, or with a scenario's name: `npm run test:mcp -- tasks-lifecycle`.

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const SUITE = join(HERE, '../../node_modules/@modelcontextprotocol/conformance/dist/index.js');
const REVISIONS = ['2026-07-28', '2025-11-25'];
/** Of the extensions that the service speaks; the suite runs those by name only. */
const TASKS = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-status-notifications',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
];
const START_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
const server = startServer();
try {
  const { url } = await started();
  const [named] = process.argv.slice(2);
  const runs = named === undefined ? everything() : [{ name: named, args: ['--scenario', named] }];
  const failed = [];
  for (const { name, args } of runs) {
    if ((await run(url, args)) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? 'conforms' : `does not conform: ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  const ended = once(server, 'exit');
  if (server.connected) server.disconnect();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

function startServer() {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    SERVER_PORT: '0',
    TASK_MANAGER_PORT: '0',
    ENABLE_AUTH: 'false',
    RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
    RATE_LIMIT_BURST_SIZE: '0',
  };
  const execArgv = ['--require', join(HERE, 'built.cjs')];
  return fork(join(HERE, 'conformance-server.ts'), { cwd: folder, env, execArgv });
}

async function started() {
  const signal = AbortSignal.timeout(START_MS);
  const [message] = await Promise.race([
    once(server, 'message', { signal }),
    once(server, 'exit', { signal }).then(() => Promise.reject(new Error('the server ended at its start'))),
  ]);
  return message;
}

/** What applies, each at the wire of its revision; a baseline names what does not apply. */
function everything() {
  const revisions = REVISIONS.map((name) => ({
    name,
    args: [
      ...['--suite', 'all', '--spec-version', name],
      ...['--expected-failures', join(HERE, `baseline-${name}.yml`)],
    ],
  }));
  return [...revisions, ...TASKS.map((name) => ({ name, args: ['--scenario', name] }))];
}

/** @returns the exit code: 1 when a scenario fails that the baseline does not name, or passes though it does */
async function run(url, args) {
  const asked = [SUITE, 'server', '--url', `${url}/mcp`, ...args];
  const suite = spawn(process.execPath, asked, { cwd: folder, stdio: 'inherit' });
  const [code] = await once(suite, 'exit');
  return code;
}
