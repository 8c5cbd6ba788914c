import { peer, versionOf } from '../install.mjs';
import { POOL, startPostgres } from '../postgres.mjs';
import { textOf } from '../work.mjs';

const QUEUE = 'peers';
const BATCH = 2000;

/** pg-boss on PostgreSQL. */
export async function open({ folder, database }) {
  const { PgBoss } = peer('pg-boss');
  const postgres = await startPostgres(folder, database);
  const boss = new PgBoss({ connectionString: postgres.url, max: POOL });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue(QUEUE);
  return {
    pid: postgres.pid,
    version: versionOf('pg-boss'),
    settings: `PostgreSQL ${postgres.version}, fsync=on, pool of ${POOL}; fetch and complete, one job each`,
    file: (number) => boss.send(QUEUE, { text: textOf(number) }),
    async claim() {
      const [job = null] = await boss.fetch(QUEUE);
      return job;
    },
    complete: ({ id }) => boss.complete(QUEUE, id, { status: 'success' }),
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        await boss.insert(
          QUEUE,
          Array.from({ length: size }, (_, index) => ({ data: { text: textOf(first + index) } })),
        );
      }
    },
    async close() {
      await boss.stop({ graceful: false });
      await postgres.stop();
    },
  };
}
