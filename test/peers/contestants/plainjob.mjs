import { join } from 'node:path';
import { own, ownVersionOf, peer, versionOf } from '../install.mjs';
import { textOf } from '../work.mjs';

const BATCH = 1000;
const SILENT = { error() {}, warn() {}, info() {}, debug() {} };

/** plainjob in this process, every commit flushed. */
export async function open({ database }) {
  const { better, defineQueue } = peer('plainjob');
  const Database = own('better-sqlite3');
  const file = new Database(join(database, 'jobs.db'));
  const queue = defineQueue({ connection: better(file), logger: SILENT });
  file.pragma('synchronous = FULL');
  const mode = `${file.pragma('journal_mode', { simple: true })}, synchronous=${file.pragma('synchronous', { simple: true })}`;
  return {
    pid: process.pid,
    version: versionOf('plainjob'),
    settings: `in process, better-sqlite3 ${ownVersionOf('better-sqlite3')}, journal_mode=${mode}; one caller, since its calls are synchronous`,
    // Its calls block: what is asked for at the same time would only wait in this process.
    atOnce: 1,
    file: async (number) => queue.add('task', { text: textOf(number) }),
    async claim() {
      const claimed = queue.getAndMarkJobAsProcessing('task');
      return claimed === undefined ? null : queue.getJobById(claimed.id);
    },
    complete: async ({ id }) => queue.markJobAsDone(id),
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        queue.addMany(
          'task',
          Array.from({ length: size }, (_, index) => ({ text: textOf(first + index) })),
        );
      }
    },
    async close() {
      queue.close();
    },
  };
}
