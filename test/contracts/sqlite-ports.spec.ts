import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import { useSqlite } from './sqlite-subject';
import { describeWorkerDirectory } from './worker-directory.contract';

const open = useSqlite();
const can = { setsClock: true, reopens: true };

describeCommitFeed('SQLite', open);
describeEventLog('SQLite', open, can);
describeWorkerDirectory('SQLite', open, can);
describeKeyStore('SQLite', open);
describeConcurrencyKeys('SQLite', open);
