import { statSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './figures.mjs';
import { send } from './load.mjs';
import { MemoryWatch } from './memory-watch.mjs';
import { Product } from './product.mjs';
import { sizesOf } from './scratch.mjs';
import { claim, complete, fill, seed } from './seeding.mjs';
import { DIRECTORIES, inTheirDirectories, PROMPT, SteadyLoad } from './steady-load.mjs';

const TASKS_OF_NORMAL_LOAD = 10_000;
const REQUESTS_PER_SECOND = 100;
const PROMPT_BYTES = 200;
const BATCH = 1000;
/** Parts of a long load after each of which is looked at memory and files. */
const PARTS = 20;
const TASKS = '/api/v1/tasks';

/**
 * What the service takes: memory under the load of a normal day, time and processor at its start, bytes on disk for
 * tasks that ended, and whether memory or files go on growing.
 *
 * @param {string} folder
 * @param {{ starts: number, minutes: number, finished: number, requests: number, tell: (text: string) => void }} plan
 */
export async function measureSmall(folder, plan) {
  return {
    start: await measureStart(join(folder, 'start'), plan),
    normal: await measureNormalLoad(join(folder, 'normal'), plan),
    disk: await measureDisk(join(folder, 'disk'), plan),
    growth: await measureGrowth(join(folder, 'growth'), plan),
  };
}

async function measureStart(folder, { starts, tell }) {
  const measured = [];
  for (let count = 0; count < starts; count += 1) {
    const product = await Product.start(folder);
    measured.push({ ...product.start, ...product.memory() });
    await product.stop();
  }
  const of = (figure) => measured.map((start) => start[figure]);
  tell(`starts: ${of('ready_ms').map(Math.round).join(', ')} ms`);
  const ready = { best: Math.min(...of('ready_ms')), median: median(of('ready_ms')) };
  return { starts, ready_ms: ready, cpu_ms: median(of('cpu_ms')), rss_anon_mb: median(of('rss_anon_mb')) };
}

async function measureNormalLoad(folder, { minutes, tell }) {
  await fill(folder, (store) => seed(store.tasks, 0, TASKS_OF_NORMAL_LOAD, inTheirDirectories));
  const product = await Product.start(folder);
  try {
    const begun = { at: performance.now(), cpuMs: product.cpuMs() };
    const watch = new MemoryWatch(product);
    const load = new SteadyLoad(product);
    const done = await load.run({ seconds: minutes * 60, perSecond: REQUESTS_PER_SECOND });
    const memory = watch.end();
    tell(
      `${minutes} min of ${REQUESTS_PER_SECOND} requests/s: RssAnon ${Math.round(memory.most.rss_anon_mb)} MB`,
    );
    const cpuShare = (product.cpuMs() - begun.cpuMs) / (performance.now() - begun.at);
    return {
      ...{ minutes, per_second: REQUESTS_PER_SECOND, tasks: TASKS_OF_NORMAL_LOAD },
      ...{ memory, cpu_share: cpuShare, ...done },
    };
  } finally {
    await product.stop();
  }
}

/** Tasks that were claimed and completed, with all that is kept of them. */
async function measureDisk(folder, { finished, tell }) {
  const prompt = PROMPT.repeat(3).slice(0, PROMPT_BYTES);
  const path = await fill(folder, async ({ tasks }) => {
    for (let first = 0; first < finished; first += BATCH) {
      await seed(tasks, first, Math.min(first + BATCH, finished), () => ({ prompt }));
      await complete(tasks, await claim(tasks, {}, BATCH));
    }
  });
  const bytes = statSync(path).size;
  tell(`${finished} finished tasks: ${Math.round(bytes / 2 ** 20)} MB`);
  return { finished, prompt_bytes: PROMPT_BYTES, file_bytes: bytes, bytes_per_task: bytes / finished };
}

/** Requests as fast as they are answered, and what that leaves behind. */
async function measureGrowth(folder, { requests, tell }) {
  const product = await Product.start(folder);
  try {
    const parts = [];
    for (let part = 1; part <= PARTS; part += 1) {
      const watch = new MemoryWatch(product);
      await send(product, everyKind(), requests / PARTS);
      const { most } = watch.end();
      parts.push({ requests: (requests / PARTS) * part, ...most, ...sizesOf(product.database) });
      tell(`${parts.at(-1).requests} requests: RssAnon ${Math.round(most.rss_anon_mb)} MB`);
    }
    return { requests, parts, ...growthOf(parts) };
  } finally {
    await product.stop();
  }
}

/** The last quarter beside the second: in the first, everything is loaded, compiled and grown to its size. */
function growthOf(parts) {
  const quarter = PARTS / 4;
  const most = (from, figure) => Math.max(...parts.slice(from, from + quarter).map((part) => part[figure]));
  const ratio = (figure) => most(3 * quarter, figure) / most(quarter, figure);
  return { memory_ratio: ratio('rss_anon_mb'), wal_ratio: ratio('wal_bytes') };
}

/** What a connection does again and again. */
function everyKind() {
  return DIRECTORIES.flatMap((directory) => [
    { method: 'POST', path: TASKS, body: JSON.stringify({ work_directory: directory, prompt: PROMPT }) },
    {
      method: 'GET',
      path: `${TASKS}/next?work_path=${directory}&worker_id=worker-1`,
      onResponse: (_status, body, context) => (context.task = JSON.parse(body).data),
    },
    about((task) => ({ method: 'GET', path: `${TASKS}/${task.task_id}` })),
    { method: 'GET', path: `${TASKS}?limit=20` },
    about((task) => ({
      method: 'POST',
      path: `${TASKS}/${task.task_id}/complete`,
      body: JSON.stringify({ lease_token: task.lease_token, result: { status: 'success' } }),
    })),
  ]);
}

/** A request about the task that was claimed on the same connection. */
function about(requestOf) {
  return { setupRequest: (request, { task }) => ({ ...request, ...requestOf(task) }) };
}
