import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BenchServer } from './bench-server.mjs';
import { latencyFigures } from './figures.mjs';
import { BenchPostgres } from './postgres.mjs';

const COUNTS = [1, 2, 4];
const CLIENTS = 100;
const WARM_UP_MS = 2_000;

/**
 * How many tasks one, two and four instances on one PostgreSQL create, hand out and complete for 100 clients, each with
 * a connection to one of them. All of it shares one machine here: what is gained elsewhere cannot show.
 */
export async function measureInstances(folder, { seconds, tell }) {
  const postgres = await BenchPostgres.start();
  const results = [];
  try {
    for (const instances of COUNTS) {
      const result = await measureCount(join(folder, `instances-${instances}`), instances, {
        postgres,
        seconds,
      });
      tell(`${instances} instances: ${Math.round(result.tasks_per_second)} tasks/s`);
      results.push(result);
    }
  } finally {
    await postgres.stop();
  }
  return { clients: CLIENTS, seconds, results };
}

async function measureCount(folder, instances, { postgres, seconds }) {
  const env = { DATABASE_URL: await postgres.createDatabase(), DATABASE_MAX_CONNECTIONS: '20' };
  const folders = Array.from({ length: instances }, (_, index) => join(folder, String(index)));
  for (const each of folders) mkdirSync(each, { recursive: true });
  const servers = await Promise.all(folders.map((each) => BenchServer.start(each, [], env)));
  try {
    return { instances, ...(await drive(servers, seconds)) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function drive(servers, seconds) {
  const run = { isOver: false, isMeasuring: false, claims: [], tasks: 0 };
  const clients = Array.from({ length: CLIENTS }, (_, index) => work(servers[index % servers.length], run));
  await pause(WARM_UP_MS);
  run.isMeasuring = true;
  const begun = performance.now();
  await pause(seconds * 1_000);
  run.isMeasuring = false;
  const elapsedSeconds = (performance.now() - begun) / 1_000;
  run.isOver = true;
  await Promise.all(clients);
  const { p50, p95, p99 } = latencyFigures(run.claims);
  return {
    tasks_per_second: run.tasks / elapsedSeconds,
    claim_p50_ms: p50,
    claim_p95_ms: p95,
    claim_p99_ms: p99,
  };
}

/** Creates a task, takes one, and completes it, over and over. */
async function work({ url, headers }, run) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method, path, body) => answerTo(url + path, { method, headers, agent }, body);
  while (!run.isOver) {
    await send('POST', '/api/v1/tasks', { work_directory: '/srv/bench', prompt: 'Do it.' });
    const begun = performance.now();
    const { data } = await send('GET', '/api/v1/tasks/next?work_path=/srv/bench');
    if (run.isMeasuring) run.claims.push(performance.now() - begun);
    if (data === null) continue;
    await send('POST', `/api/v1/tasks/${data.task_id}/complete`, { lease_token: data.lease_token });
    if (run.isMeasuring) run.tasks += 1;
  }
  agent.destroy();
}

async function answerTo(url, options, body) {
  const sent = request(url, options);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  const answer = await text(response);
  if (response.statusCode >= 400) throw new Error(`${url}: ${response.statusCode} ${answer}`);
  return JSON.parse(answer);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
