import { settingsFrom, type Settings } from './settings.ts';
import { TaskManager } from './task-manager.ts';
import { Worker, type Log } from './worker.ts';

const WRONG_SETTINGS = 2;
const FORCED = 1;

/** A line of JSON for each thing that happens. */
const log: Log = (message, fields = {}) => {
  console.log(JSON.stringify({ time: new Date().toISOString(), message, ...fields }));
};

function settingsOrExit(): Settings {
  try {
    return settingsFrom(process.env);
  } catch (error) {
    console.error(`document-worker: ${(error as Error).message}`);
    process.exit(WRONG_SETTINGS);
  }
}

const settings = settingsOrExit();
const worker = new Worker(new TaskManager(settings), settings, log);

let signals = 0;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    signals += 1;
    // Whoever says it twice means at once.
    if (signals > 1) process.exit(FORCED);
    log('stopping', { signal });
    worker.stop();
  });
}

log('started', { worker: settings.workerId, url: settings.url, concurrency: settings.concurrency });
await worker.run();
log('stopped');
