import { existsSync, readFileSync, statSync } from 'node:fs';
import { itNeeding } from '../../../../../test/support/it-needing';
import { scratchSqlite } from '../../../../../test/support/scratch-databases';
import { TestQueue } from '../../../../../test/support/test-queue';
import { migrateStore } from '../migrate-store';
import { openStore, type OpenStore } from '../open-store';

const LOCKS = '/proc/locks';
const itWithLocks = itNeeding(existsSync(LOCKS) ? null : `there is no ${LOCKS}`);

/** Locks of this process on a file, as the kernel has them. */
function locksOn(path: string): string[] {
  const { ino } = statSync(path);
  return readFileSync(LOCKS, 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `));
}

describe('an open store on SQLite', () => {
  for (const [what, encryptionKey] of [
    ['in plain text', null],
    ['encrypted', 'the-key-of-a-file'],
  ] as const) {
    itWithLocks(`keeps its lock on a file ${what}: without it any program may remove its log`, async () => {
      const { options, path, remove } = await scratchSqlite();
      const settings = { ...options, encryptionKey };
      await migrateStore(settings);
      const opened: OpenStore = await openStore(settings);
      await new TestQueue(opened.tasks).createAll([{}]);
      await opened.tasks.countByStatus();
      const locks = locksOn(path);
      await opened.close();

      expect([locks.length, locksOn(path)]).toEqual([1, []]);
      await remove();
    });
  }
});
