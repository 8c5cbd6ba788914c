import Sqlite from 'better-sqlite3';
import { openScratch, scratchSqlite } from '../../../../../test/support/scratch-databases';
import { describeBoundedLists } from '../bounded-lists.fixture';
import { SqliteLists } from './sqlite-lists';

describeBoundedLists('SQLite', async () => {
  const database = await openScratch(await scratchSqlite());
  const db = new Sqlite(database.path, { readonly: true });
  return {
    tasks: database.store.tasks,
    listsOf: (lookedAtMost) => new SqliteLists(db, lookedAtMost),
    remove: async () => {
      db.close();
      await database.remove();
    },
  };
});
