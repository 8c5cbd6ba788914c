import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateStore, openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { describeKeyStore } from './key-store.contract';
import { describeTaskStore } from './task-store.contract';

const LIMITS = { maxConnections: 1, timeoutMs: 5_000, commandTimeoutMs: 20_000 };

interface Scratch {
  readonly opened: () => OpenStore;
  readonly clock: FixedClock;
  reopen(): Promise<OpenStore>;
  close(): Promise<void>;
}

/** A migrated file of a test's own. */
async function openScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'task-orchestrator-'));
  const clock = new FixedClock();
  const options: StoreOptions = { ...LIMITS, url: { kind: 'sqlite', path: join(folder, 'tasks.db') }, clock };
  await migrateStore(options);
  let opened = await openStore(options);
  return {
    clock,
    opened: () => opened,
    reopen: async () => {
      await opened.close();
      opened = await openStore(options);
      return opened;
    },
    close: async () => {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeTaskStore(
  'SQLite',
  async () => {
    const scratch = await openScratch();
    return {
      store: scratch.opened().tasks,
      clock: scratch.clock,
      reopen: async () => (await scratch.reopen()).tasks,
      close: scratch.close,
    };
  },
  { setsClock: true, reopens: true },
);

describeKeyStore('SQLite', async () => {
  const scratch = await openScratch();
  return { keys: scratch.opened().keys, close: scratch.close };
});
