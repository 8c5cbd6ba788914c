import { describeArchive } from './archive.contract';
import { describeAuditLog } from './audit-log.contract';
import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import { describeScheduleStore } from './schedule-store.contract';
import { useSqlite } from './sqlite-subject';
import { describeSettingsStore } from './settings-store.contract';
import { describeStatistics } from './statistics.contract';
import { describeWorkerDirectory } from './worker-directory.contract';

const open = useSqlite();
const can = { setsClock: true, reopens: true };

describeCommitFeed('SQLite', open);
describeEventLog('SQLite', open, can);
describeWorkerDirectory('SQLite', open, can);
describeStatistics('SQLite', open, can);
describeKeyStore('SQLite', open, can);
describeAuditLog('SQLite', open, can);
describeSettingsStore('SQLite', open, can);
describeScheduleStore('SQLite', open, can);
describeArchive('SQLite', open, can);
describeConcurrencyKeys('SQLite', open);
