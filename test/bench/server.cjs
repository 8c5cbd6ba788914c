'use strict';

// The service as `serve` composes it, with one route more: it takes what a creation takes, through the same guard,
// pipe and filters, and does nothing. Started by the bench with a channel, over which it says where it listens.

require('reflect-metadata');
const { join, resolve } = require('node:path');

const DIST = resolve(__dirname, '../../dist');
const built = (path) => require(join(DIST, path));
const { letHeapGrow } = built('src/heap-flags.js');
const {
  loadSettings,
  LiveSettings,
  createLogger,
  HeapPace,
  migrateStore,
  NestLogger,
  openStore,
  OwnerLock,
  parseDatabaseUrl,
  SystemTimers,
  V8Heap,
} = built('libs/infrastructure/src/index.js');
const { createApp } = built('src/http/create-app.js');
const { composeCore, httpSettingsOf, leaseKeeperOf, storeOptionsOf } = built('src/cli/core.js');
const { Doors } = built('src/cli/listen/doors.js');
const { ReloadSignal } = built('src/cli/reload-signal.js');
const { NoopModule } = require('./noop.cjs');

async function main() {
  const live = new LiveSettings(loadSettings({ env: process.env, cwd: process.cwd() }));
  const settings = live.values;
  const log = createLogger({ level: 'warn', format: 'json', file: null, isTerminal: false });
  const url = parseDatabaseUrl(settings.databaseUrl, process.cwd());
  const lock = url.kind === 'sqlite' ? await OwnerLock.acquire(url.path) : null;
  const options = storeOptionsOf(settings, lock === null ? url : { kind: 'sqlite', path: lock.databasePath });
  await migrateStore(options);
  const store = await openStore(options);
  const doors = new Doors(settings, log, new ReloadSignal(log));
  const core = composeCore(store, live, {
    isDraining: false,
    isMigrating: false,
    draining: new AbortController().signal,
  });
  const keeper = leaseKeeperOf(core);
  const app = await createApp(
    core,
    httpSettingsOf(settings, {
      version: 'bench',
      logger: new NestLogger(log),
      isLocalOperator: doors.isLocalOperator,
    }),
    [NoopModule],
  );
  await app.init();
  const adapter = app.getHttpAdapter();
  const api = { handle: adapter.getInstance(), messageClasses: adapter.messageClasses };
  const addresses = await doors.open(api, lock);
  keeper.start();
  new HeapPace(new V8Heap(), new SystemTimers(), letHeapGrow).start();
  process.once('disconnect', async () => {
    keeper.stop();
    core.waiting.close();
    await doors.close();
    await app.close();
    await store.close();
    lock?.release();
    process.exit(0);
  });
  const { url: address, taskManagerUrl } = addresses;
  process.send({ url: address, taskManagerUrl, database: lock?.databasePath });
}

void main();
