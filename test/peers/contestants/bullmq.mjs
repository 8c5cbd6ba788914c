import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { peer, versionOf } from '../install.mjs';
import { freePort } from '../../support/loopback-port.mjs';
import { startServer, stopServer } from '../processes.mjs';
import { textOf } from '../work.mjs';

const REDIS = 'redis-server';
const QUEUE = 'peers';
const BATCH = 1000;

/** BullMQ on a Redis that flushes its log before it answers. */
export async function open({ folder, database }) {
  const { Queue, Worker } = peer('bullmq');
  const port = await freePort();
  const redis = await startRedis({ folder, database, port });
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const queue = new Queue(QUEUE, { connection });
  return {
    pid: redis.pid,
    version: versionOf('bullmq'),
    settings: `Redis ${redisVersion()}, appendonly yes, appendfsync always; its Worker, concurrency 100, which takes the next job with each completion`,
    file: (number) => queue.add('task', { text: textOf(number) }),
    /** Its own workers: a processor that does nothing, and the time until its completion is stored and the next is had. */
    async work(atOnce, { begin, isDone, deadline }) {
      const begun = new Map();
      const processor = async ({ id }) => {
        begun.set(id, performance.now());
      };
      const worker = new Worker(QUEUE, processor, { connection, concurrency: atOnce, autorun: false });
      const done = Promise.withResolvers();
      worker.on('completed', ({ id }) => {
        const ms = performance.now() - begun.get(id);
        begun.delete(id);
        if (isDone(ms)) done.resolve();
      });
      worker.on('error', done.reject);
      await worker.waitUntilReady();
      const timer = setTimeout(done.resolve, deadline - performance.now());
      begin();
      worker.run().catch(done.reject);
      await done.promise;
      clearTimeout(timer);
      await worker.close();
    },
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const jobs = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => ({
          name: 'task',
          data: { text: textOf(first + index) },
        }));
        await queue.addBulk(jobs);
      }
    },
    async close() {
      await queue.close();
      await stopServer(redis);
    },
  };
}

async function startRedis({ folder, database, port }) {
  const { default: Redis } = peer('ioredis');
  const flags = {
    port,
    bind: '127.0.0.1',
    dir: database,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return startServer(REDIS, args, {
    cwd: folder,
    log: join(folder, 'redis.log'),
    isReady: async () => {
      const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.ping()) === 'PONG';
      } finally {
        client.disconnect();
      }
    },
  });
}

function redisVersion() {
  return /v=([\d.]+)/.exec(execFileSync(REDIS, ['--version'], { encoding: 'utf8' }))?.[1];
}
