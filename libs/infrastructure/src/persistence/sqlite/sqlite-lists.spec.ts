import Sqlite from 'better-sqlite3';
import type { Position, TaskPageRequest } from '@task/application';
import { scratchSqlite } from '../../../../../test/support/scratch-databases';
import { TestQueue } from '../../../../../test/support/test-queue';
import { migrateStore } from '../migrate-store';
import { openStore, type OpenStore } from '../open-store';
import { SqliteLists, type ListedSeqs } from './sqlite-lists';

/** Few enough that lists of this size reach it: no tag has the order of priorities. */
const LOOKED_AT_MOST = 8;
const OLDEST_TAGGED = 10;
const TASKS = 40;
const REQUEST: TaskPageRequest = {
  filter: { tags: { names: ['rare'], mode: 'all' }, status: 'waiting' },
  ...{ sort: { by: 'priority', order: 'desc' }, limit: 1, offset: 0, after: null },
};

describe('SqliteLists', () => {
  let opened: OpenStore;
  let db: Sqlite.Database;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const database = await scratchSqlite();
    await migrateStore(database.options);
    opened = await openStore(database.options);
    const tagsOf = (index: number): string[] => (index < OLDEST_TAGGED ? ['rare'] : []);
    await new TestQueue(opened.tasks).createAll(
      Array.from({ length: TASKS }, (_, index) => ({ tags: tagsOf(index) })),
    );
    db = new Sqlite(database.path, { readonly: true });
    remove = database.remove;
  });

  afterEach(async () => {
    db.close();
    await opened.close();
    await remove();
  });

  it('ends a page that finds too little, and goes on from there', async () => {
    const lists = new SqliteLists(db, LOOKED_AT_MOST);
    expect(await lists.read(REQUEST)).toMatchObject({
      seqs: [],
      next: [expect.any(Number), expect.any(Number), expect.any(Number)],
    });
    const pages: ListedSeqs[] = [];
    let after: Position | null = null;
    do {
      const page: ListedSeqs = await lists.read({ ...REQUEST, after });
      pages.push(page);
      after = page.next;
    } while (after !== null && pages.length < TASKS);
    const whole = await new SqliteLists(db).read({ ...REQUEST, limit: TASKS });
    expect(whole.seqs).toHaveLength(OLDEST_TAGGED);
    expect(pages.flatMap(({ seqs }) => seqs)).toEqual(whole.seqs);
  });
});
