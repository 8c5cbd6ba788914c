import { EventEmitter } from 'node:events';
import { own, peer, versionOf } from '../install.mjs';
import { POOL, startPostgres } from '../postgres.mjs';
import { until } from '../processes.mjs';
import { textOf } from '../work.mjs';

const BATCH = 5000;

/** graphile-worker on PostgreSQL. */
export async function open({ folder, database }) {
  const { Logger, makeWorkerUtils, run } = peer('graphile-worker');
  const { Pool } = own('pg');
  const postgres = await startPostgres(folder, database);
  const pgPool = new Pool({ connectionString: postgres.url, max: POOL });
  pgPool.on('error', () => undefined);
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  return {
    pid: postgres.pid,
    version: versionOf('graphile-worker'),
    settings: `PostgreSQL ${postgres.version}, fsync=on, pool of ${POOL}; its runner, concurrency 100, whose workers do not wait for their completions to be stored`,
    file: (number) => utils.addJob('task', { text: textOf(number) }),
    /**
     * Its own workers: from the moment that one asks for a job until it hands in the completion, which it does not wait
     * for. All are stored when its runner has stopped and nobody has a connection any more.
     * @returns when the last of them was given back
     */
    async work(atOnce, { begin, isDone, deadline }) {
      const events = new EventEmitter().setMaxListeners(0);
      const asked = new WeakMap();
      const done = Promise.withResolvers();
      const timer = setTimeout(done.resolve, deadline - performance.now());
      events.once('worker:getJob:start', begin);
      events.on('worker:getJob:start', ({ worker }) => asked.set(worker, performance.now()));
      events.on('job:complete', ({ worker, error }) => {
        if (error) done.reject(error);
        else if (isDone(performance.now() - asked.get(worker))) done.resolve();
      });
      const runner = await run({
        ...{ pgPool, logger, events, concurrency: atOnce, pollInterval: 100 },
        noHandleSignals: true,
        taskList: { task: () => undefined },
      });
      await done.promise;
      clearTimeout(timer);
      return lastUseOf(pgPool, () => runner.stop());
    },
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        const texts = Array.from({ length: size }, (_, index) => textOf(first + index));
        await pgPool.query(
          `SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
             SELECT json_populate_record(null::graphile_worker.job_spec,
               json_build_object('identifier', 'task', 'payload', json_build_object('text', text)))
             FROM unnest($1::text[]) AS text))`,
          [texts],
        );
      }
      await pgPool.query('ANALYZE');
    },
    async close() {
      await utils.release();
      await pgPool.end();
      await postgres.stop();
    },
  };
}

/** Ends something, and waits until a pool is at rest. @returns when it was used for the last time */
async function lastUseOf(pool, end) {
  let usedAt = performance.now();
  const note = () => (usedAt = performance.now());
  pool.on('release', note);
  await end();
  await until(() => pool.waitingCount === 0 && pool.idleCount === pool.totalCount);
  pool.off('release', note);
  return usedAt;
}
