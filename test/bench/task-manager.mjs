import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/loopback-port.mjs';
import { BenchServer } from './bench-server.mjs';
import { latencyFigures, percentile } from './figures.mjs';
import { sizesOf } from './scratch.mjs';
import { fill, seed } from './seeding.mjs';
import { atPace } from './steady-pace.mjs';

const WORKERS = 50;
/** What a worker spends on a task, ms: 50 of them could do 250 tasks a second. */
const WORK_MS = 200;
const TASKS_PER_SECOND = 150;
/** What is there at the beginning keeps all workers busy at once. */
const BURST = 100;
const TASK_TYPE = 'document_processing';
const KNOWLEDGE_BASES = 1000;
const READS = 1000;

/**
 * The task manager at its own figures: 50 workers at once, tasks filed at a steady rate; and a queue of a million, in
 * which places and expected ends are told.
 *
 * @param {string} folder
 * @param {{ seconds: number, longest: number, tell: (text: string) => void }} plan
 */
export async function measureTaskManager(folder, plan) {
  return { work: await measureWork(folder, plan), line: await measureLine(folder, plan) };
}

async function measureWork(folder, { seconds, tell }) {
  const server = await startIn(join(folder, 'workers'));
  const api = new Api(server);
  const run = { startedAt: 0, until: 0, delays: [], done: 0, held: 0, mostHeld: 0 };
  try {
    for (let count = 0; count < BURST; count += 1) await create(api, count);
    api.forget();
    const begun = performance.now();
    run.startedAt = Date.now();
    run.until = begun + seconds * 1000;
    const working = Array.from({ length: WORKERS }, (_, index) => work(api, `worker_${index}`, run));
    const filing = file(api, seconds).then(() => [(performance.now() - begun) / 1000, run.done]);
    const [[elapsed, done]] = await Promise.all([filing, ...working]);
    tell(`${done} tasks in ${elapsed.toFixed(1)} s by ${WORKERS} workers`);
    const latencies = api.takeLatencies();
    const all = Object.values(latencies).flat();
    return {
      workers: WORKERS,
      work_ms: WORK_MS,
      filed_per_second: TASKS_PER_SECOND,
      most_held_at_once: run.mostHeld,
      tasks_per_second: done / elapsed,
      queue_delay_ms: { ...latencyFigures(run.delays), most: percentile(run.delays, 1) },
      latency_ms: latencyFigures(all),
      routes: Object.fromEntries(Object.entries(latencies).map(([name, ms]) => [name, latencyFigures(ms)])),
    };
  } finally {
    await server.stop();
  }
}

/** Files tasks at a steady rate, whatever becomes of them. */
async function file(api, seconds) {
  const pace = { perSecond: TASKS_PER_SECOND, ms: seconds * 1000 };
  await atPace(pace, async (_due, count) => {
    const sent = [create(api, count)];
    if (count % 10 === 0) sent.push(api.send('list', 'GET', '/api/v1/tasks?status=queued&page_size=20'));
    if (count % 50 === 0) sent.push(api.send('stats', 'GET', '/api/v1/stats/system'));
    await Promise.all(sent);
  });
}

/** One worker: a task after the other, as a worker does them. */
async function work(api, name, run) {
  while (performance.now() < run.until) {
    const task = await api.send(null, 'POST', `/api/v1/workers/${name}/claim`, { wait: 1 });
    if (task === null) continue;
    run.mostHeld = Math.max(run.mostHeld, (run.held += 1));
    const filed = Date.parse(task.created_at);
    if (filed >= run.startedAt) run.delays.push(Date.parse(task.started_at) - filed);
    const proof = { lease_token: task.lease_token };
    await pause(WORK_MS / 2);
    await api.send('progress', 'PUT', `/api/v1/tasks/${task.id}/progress`, { progress: 50, ...proof });
    await pause(WORK_MS / 2);
    await api.send('complete', 'POST', `/api/v1/tasks/${task.id}/complete`, { result: {}, ...proof });
    run.held -= 1;
    run.done += 1;
  }
}

async function measureLine(folder, { longest: waiting, tell }) {
  const own = join(folder, 'line');
  const ids = await seedLine(own, waiting, tell);
  const server = await startIn(own);
  const api = new Api(server);
  try {
    // So that something is known about how long tasks take, and who is there to do them.
    for (let index = 0; index < 10; index += 1) {
      const task = await api.send(null, 'POST', `/api/v1/workers/worker_${index}/claim`, {});
      await api.send(null, 'POST', `/api/v1/tasks/${task.id}/complete`, { lease_token: task.lease_token });
    }
    await pause(1_100);
    for (let count = 0; count < READS; count += 1) {
      const id = ids[Math.floor(Math.random() * ids.length)];
      const {
        queue_position: place,
        estimated_completion: at,
        status,
      } = await api.send('read', 'GET', `/api/v1/tasks/${id}`);
      if (status === 'queued' && !(place >= 1 && at !== undefined)) throw new Error(`${id} has no place`);
      const created = await create(api, count);
      if (!(created.queue_position >= 1)) throw new Error('a new task has no place');
    }
    const latencies = api.takeLatencies();
    return {
      waiting,
      ...sizesOf(server.database),
      read_ms: latencyFigures(latencies.read),
      create_ms: latencyFigures(latencies.create),
    };
  } finally {
    await server.stop();
  }
}

/** Files so many tasks through the store, as fast as that takes them. @returns the ids of some of them */
async function seedLine(folder, waiting, tell) {
  const begun = performance.now();
  let ids;
  await fill(folder, async ({ tasks }) => {
    ids = await seed(tasks, 0, waiting, changesOf);
  });
  tell(`${waiting} tasks wait; stored in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return ids;
}

function changesOf(number) {
  return {
    taskType: TASK_TYPE,
    workDirectory: null,
    kbId: knowledgeBaseOf(number),
    prompt: null,
    priority: [2, 5, 8, 10][number % 4],
    timeoutSeconds: 300,
    autoRetry: true,
  };
}

const knowledgeBaseOf = (number) => `kb_${number % KNOWLEDGE_BASES}`;

function create(api, number) {
  return api.send('create', 'POST', '/api/v1/tasks', {
    task_type: TASK_TYPE,
    kb_id: knowledgeBaseOf(number),
    priority: ['low', 'normal', 'high', 'critical'][number % 4],
    payload: { file_path: `/documents/${number}.txt`, chunk_size: 1000, chunk_overlap: 200 },
  });
}

/** Speaks to the task manager, and takes the time of what has a name. */
class Api {
  #latencies = {};

  constructor(server) {
    this.server = server;
  }

  async send(name, method, path, body) {
    const { taskManagerUrl: url, headers } = this.server;
    const begun = performance.now();
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    if (name !== null) (this.#latencies[name] ??= []).push(performance.now() - begun);
    return text === '' ? null : JSON.parse(text);
  }

  forget() {
    this.#latencies = {};
  }

  /** By name, ms. */
  takeLatencies() {
    return this.#latencies;
  }
}

async function startIn(folder) {
  mkdirSync(folder, { recursive: true });
  return BenchServer.start(folder, [], { TASK_MANAGER_PORT: String(await freePort()) });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
