import {
  Commits,
  InMemoryConcurrencyKeys,
  InMemoryEventLog,
  InMemoryKeyStore,
  InMemoryTaskStore,
  InMemoryWorkerDirectory,
} from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { describeCommitFeed } from './commit-feed.contract';
import { describeConcurrencyKeys } from './concurrency-keys.contract';
import { describeEventLog } from './event-log.contract';
import { describeKeyStore } from './key-store.contract';
import type { OpenedStore } from './subject';
import { describeTaskStore } from './task-store.contract';
import { describeWorkerDirectory } from './worker-directory.contract';

async function open(): Promise<OpenedStore> {
  const clock = new FixedClock();
  const commits = new Commits();
  const tasks = new InMemoryTaskStore(clock, commits);
  const events = new InMemoryEventLog(tasks);
  const workers = new InMemoryWorkerDirectory(tasks);
  const close = (): Promise<void> => Promise.resolve();
  const concurrencyKeys = new InMemoryConcurrencyKeys(tasks);
  const keys = new InMemoryKeyStore();
  return { parts: { tasks, events, workers, commits, keys, concurrencyKeys }, clock, close };
}

const can = { setsClock: true };
describeTaskStore('in memory', open, can);
describeCommitFeed('in memory', open);
describeEventLog('in memory', open, can);
describeWorkerDirectory('in memory', open, can);
describeKeyStore('in memory', open);
describeConcurrencyKeys('in memory', open);
