import {
  Commits,
  InMemoryArchive,
  InMemoryAuditLog,
  InMemoryConcurrencyKeys,
  InMemoryEventLog,
  InMemoryKeyStore,
  InMemoryLevels,
  InMemoryScheduleStore,
  InMemorySettingsStore,
  InMemoryStatistics,
  InMemoryTaskStore,
  InMemoryWorkerDirectory,
} from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { describeArchive } from './archive.contract';
import { describeAuditLog } from './audit-log.contract';
import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import { describeScheduleStore } from './schedule-store.contract';
import { describeSettingsStore } from './settings-store.contract';
import { describeStatistics } from './statistics.contract';
import { describeSharedLevels } from './shared-levels.contract';
import type { OpenedStore } from './subject';
import { describeTaskStore } from './task-store.contract';
import { describeWorkerDirectory } from './worker-directory.contract';

async function open(): Promise<OpenedStore> {
  const clock = new FixedClock();
  const commits = new Commits();
  const tasks = new InMemoryTaskStore(clock, commits);
  const events = new InMemoryEventLog(tasks);
  const workers = new InMemoryWorkerDirectory(tasks);
  const statistics = new InMemoryStatistics(tasks, clock);
  const close = (): Promise<void> => Promise.resolve();
  return {
    parts: {
      tasks,
      events,
      workers,
      statistics,
      commits,
      keys: new InMemoryKeyStore(clock),
      audit: new InMemoryAuditLog(clock),
      archive: new InMemoryArchive(tasks),
      concurrencyKeys: new InMemoryConcurrencyKeys(tasks),
      schedules: new InMemoryScheduleStore(tasks, clock),
      settings: new InMemorySettingsStore(),
    },
    clock,
    close,
  };
}

const can = { setsClock: true };
describeTaskStore('in memory', open, can);
describeCommitFeed('in memory', open);
describeEventLog('in memory', open, can);
describeWorkerDirectory('in memory', open, can);
describeStatistics('in memory', open, can);
describeKeyStore('in memory', open, { setsClock: true });
describeAuditLog('in memory', open, { setsClock: true });
describeSettingsStore('in memory', open);
describeScheduleStore('in memory', open);
describeArchive('in memory', open, can);
describeConcurrencyKeys('in memory', open);

describeSharedLevels('in memory', () => {
  const levels = new InMemoryLevels(new FixedClock());
  return [levels, levels];
});
