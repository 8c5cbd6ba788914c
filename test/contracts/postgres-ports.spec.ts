import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import { usePostgres } from './postgres-subject';
import { describeWorkerDirectory } from './worker-directory.contract';

const open = usePostgres();
const can = { reopens: true };

describeCommitFeed('PostgreSQL', open);
describeEventLog('PostgreSQL', open, can);
describeWorkerDirectory('PostgreSQL', open, can);
describeKeyStore('PostgreSQL', open);
describeConcurrencyKeys('PostgreSQL', open);
