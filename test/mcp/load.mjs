// Calls the built service's /mcp again and again, at both revisions, and looks at its memory: `npm run load:mcp`, or
// with another number of calls: `npm run load:mcp -- 4000`. Ends with 1 when a call fails or memory goes on growing.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { HeapOf } from './heap-of.mjs';

const LAUNCHER = join(dirname(fileURLToPath(import.meta.url)), '../../bin/task-orchestrator.js');
const CALLS = Number(process.argv[2] ?? 20_000);
/** Until then everything is loaded and compiled, and caches are filled. */
const WARM_UP = 2_000;
const STEP = 1_000;
const AGENTS = 20;
/** What is in flight at one time or another, and what caches still take, in MB of the heap. */
const MOST_GROWTH_MB = 2;
const DIRECTORY = '/srv/load';
const KEY = 'load-load-load-load-load-load-load';
const VERSION = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol';

const folder = mkdtempSync(join(tmpdir(), 'mcp-load-'));
const server = spawn(process.execPath, [LAUNCHER, 'serve'], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    SERVER_PORT: '0',
    TASK_MANAGER_PORT: '0',
    LOG_FORMAT: 'json',
    API_SECRET_KEY: KEY,
    RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
    RATE_LIMIT_BURST_SIZE: '0',
    NODE_OPTIONS: '--inspect=127.0.0.1:0',
  },
  stdio: ['ignore', 'pipe', 'pipe'],
});
const connections = new Agent({ keepAlive: true, maxSockets: AGENTS });
let made = 0;
let failures = 0;
const heap = new HeapOf(server.stderr);
/** By calls made: resident memory, and what is needed of the heap, in MB. */
const memory = new Map();

try {
  const url = await ready();
  await heap.open();
  const from = performance.now();
  await Promise.all(Array.from({ length: AGENTS }, (_, index) => work(url, index)));
  const seconds = (performance.now() - from) / 1000;
  report(seconds);
} finally {
  connections.destroy();
  heap.close();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function ready() {
  for await (const line of createInterface({ input: server.stdout })) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'ready') {
      server.stdout.resume();
      return url;
    }
  }
  throw new Error('the server ended at its start');
}

/** What an agent does all day: it files a task, takes one, keeps it, ends it, and looks around. */
async function work(url, index) {
  const era = index % 2 === 0 ? 'modern' : 'legacy';
  const call = (name, given) => send(url, era, name, given);
  while (made < CALLS) {
    await call('task_create', { work_directory: DIRECTORY, prompt: `Task after ${made} calls.` });
    const { task_id, lease_token } = await call('task_claim', { work_path: DIRECTORY });
    await call('task_heartbeat', { task_id, lease_token, progress: 50 });
    await call('task_complete', { task_id, lease_token, result: { ok: true } });
    await call('task_get', { task_id });
    await call('queue_status', {});
  }
}

async function send(url, era, name, given) {
  const params = { name, arguments: given, ...(era === 'modern' && { _meta: envelope() }) };
  const sent = request(`${url}/mcp`, { method: 'POST', agent: connections, headers: headersOf(era, name) });
  sent.end(JSON.stringify({ jsonrpc: '2.0', id: made, method: 'tools/call', params }));
  const [response] = await once(sent, 'response');
  const body = await text(response);
  made += 1;
  if (made % STEP === 0) await look(made);
  const { result } = JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? body);
  if (response.statusCode === 200 && result !== undefined && result.isError !== true)
    return result.structuredContent;
  failures += 1;
  console.error(`${name}: ${response.statusCode} ${body.slice(0, 300)}`);
  return {};
}

async function look(calls) {
  const residentMb = resident();
  memory.set(calls, { residentMb, heapMb: await heap.usedMb() });
}

function envelope() {
  return {
    [`${PREFIX}/protocolVersion`]: VERSION,
    [`${PREFIX}/clientCapabilities`]: {},
    [`${PREFIX}/clientInfo`]: { name: 'load', version: '1' },
  };
}

function headersOf(era, name) {
  return {
    Authorization: `Bearer ${KEY}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    ...(era === 'modern' && {
      'MCP-Protocol-Version': VERSION,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    }),
  };
}

function resident() {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)], { encoding: 'utf8' })) / 1024;
}

/** Compares halves of what came after the warm-up: one look can fall on either side of a collection. */
function report(seconds) {
  const after = [...memory].filter(([calls]) => calls >= WARM_UP).map(([, { heapMb }]) => heapMb);
  const half = Math.ceil(after.length / 2);
  const growth = median(after.slice(half)) - median(after.slice(0, half));
  for (const [calls, { residentMb, heapMb }] of memory) {
    const figures = `${residentMb.toFixed(0)} MB, of the heap ${heapMb.toFixed(1)} MB in use`;
    console.log(`${String(calls).padStart(6)} calls  ${figures}`);
  }
  console.log(
    `${made} calls in ${seconds.toFixed(1)} s, ${Math.round(made / seconds)} a second, ${failures} failed`,
  );
  console.log(`the heap in use grew by ${growth.toFixed(1)} MB after the first ${WARM_UP} calls`);
  process.exitCode = failures === 0 && growth <= MOST_GROWTH_MB ? 0 : 1;
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
