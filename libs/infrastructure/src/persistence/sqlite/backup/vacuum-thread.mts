import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type Sqlite from 'better-sqlite3';
import type { VacuumOrder } from './copy-file.js';

// Beside types nothing of ours is imported: the thread runs from its source as well as from what is built.

interface WithKey extends Sqlite.Database {
  key(key: Buffer): number;
}

const { driver, path, key, to } = workerData as VacuumOrder;
const Driver = createRequire(driver)(driver) as new (path: string, options: Sqlite.Options) => WithKey;
const db = new Driver(path, { readonly: true, timeout: 5_000 });
if (key !== null) {
  db.pragma(`cipher = 'sqlcipher'`);
  db.pragma('legacy = 4');
  db.key(Buffer.from(key, 'utf8'));
}
// Nothing that is encrypted may pass through a file that is not.
db.pragma('temp_store = MEMORY');
db.prepare('VACUUM INTO ?').run(to);
db.close();
