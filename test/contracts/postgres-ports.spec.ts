import { describeArchive } from './archive.contract';
import { describeAuditLog } from './audit-log.contract';
import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import { describeScheduleStore } from './schedule-store.contract';
import { usePostgres } from './postgres-subject';
import { describeSettingsStore } from './settings-store.contract';
import { describeStatistics } from './statistics.contract';
import { describeWorkerDirectory } from './worker-directory.contract';

const open = usePostgres();
const can = { reopens: true };

describeCommitFeed('PostgreSQL', open);
describeEventLog('PostgreSQL', open, can);
describeWorkerDirectory('PostgreSQL', open, can);
describeStatistics('PostgreSQL', open, can);
describeKeyStore('PostgreSQL', open, can);
describeAuditLog('PostgreSQL', open, can);
describeSettingsStore('PostgreSQL', open, can);
describeScheduleStore('PostgreSQL', open, can);
describeArchive('PostgreSQL', open, can);
describeConcurrencyKeys('PostgreSQL', open);
