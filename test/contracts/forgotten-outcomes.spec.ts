import Sqlite from 'better-sqlite3';
import { openStore } from '@task/infrastructure';
import { CountedKey } from '../support/counted-key';
import { FixedClock } from '../support/fixed-clock';
import { execute, startPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { SqliteTemplate } from '../support/sqlite-template';
import { TestQueue } from '../support/test-queue';

const DAY_MS = 24 * 3_600_000;
const KEYS = 'SELECT key FROM idempotency ORDER BY key';

async function keepOutcomes(queue: TestQueue, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await queue.createAll([{}], new CountedKey(key));
}

describe('outcomes whose day is over', () => {
  it('leave the SQLite file, oldest first, at most as many as asked for', async () => {
    const template = new SqliteTemplate();
    const clock = new FixedClock();
    const options = await template.copy(clock);
    const store = await openStore(options);
    const db = new Sqlite(options.url.kind === 'sqlite' ? options.url.path : '', { readonly: true });
    const queue = new TestQueue(store.tasks);
    await keepOutcomes(queue, 'e', 'd', 'c');
    clock.advance(1);
    await keepOutcomes(queue, 'b', 'a');
    clock.advance(DAY_MS - 2);
    const kept: string[] = [];
    for (const limit of [10, 2, 2, 10]) {
      await store.tasks.forgetOutcomes(limit);
      kept.push(
        db
          .prepare<[], { key: string }>(KEYS)
          .all()
          .map(({ key }) => key)
          .join(''),
      );
      clock.advance(1);
    }
    expect([kept[0], kept[1]?.length, kept[2]?.length, kept[3]]).toEqual(['abcde', 3, 1, '']);
    db.close();
    await store.close();
    await template.remove();
  });

  it('leave PostgreSQL', async () => {
    const postgres = await startPostgres();
    const options = await new SpareDatabases(postgres).take();
    const url = options.url.kind === 'postgres' ? options.url.url : '';
    const store = await openStore(options);
    const queue = new TestQueue(store.tasks);
    await keepOutcomes(queue, 'a', 'b', 'c', 'd');
    await store.tasks.forgetOutcomes(10);
    expect(await execute(url, KEYS)).toHaveLength(4);
    // The database's own clock counts: nobody can wait a day for it.
    await execute(url, `UPDATE idempotency SET expires_at = expires_at - ${DAY_MS} WHERE key <> 'c'`);
    await store.tasks.forgetOutcomes(2);
    expect(await execute(url, KEYS)).toHaveLength(2);
    const over = new CountedKey('a');
    await queue.createAll([{}], over);
    expect(over.replays).toBe(0);
    await store.tasks.forgetOutcomes(10);
    expect(await execute(url, KEYS)).toEqual([{ key: 'a' }, { key: 'c' }]);
    await store.close();
    await postgres.stop();
  });
});
