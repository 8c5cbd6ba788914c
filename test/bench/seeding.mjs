import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { directoryOf, PEOPLE } from './queue-of-many.mjs';

const require = createRequire(import.meta.url);
const DIST = resolve(import.meta.dirname, '../../dist');
const BATCH = 1000;

/** What every command of a bench is called with: nobody hangs up. */
export const LIVE = { aborted: false };

/** Opens a store on a SQLite file as the service does. @param {{ now(): number }} [clock] in place of the system's */
export async function openBenchStore(path, clock) {
  const { migrateStore, openStore } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const options = {
    url: { kind: 'sqlite', path },
    maxConnections: 2,
    timeoutMs: 30_000,
    commandTimeoutMs: 600_000,
    ...(clock !== undefined && { clock }),
  };
  await migrateStore(options);
  return openStore(options);
}

/** Works on the store of a service that is to be started in a folder. @returns the path of its file */
export async function fill(folder, work, clock) {
  await mkdir(join(folder, 'data'), { recursive: true });
  const path = join(folder, 'data', 'tasks.db');
  const store = await openBenchStore(path, clock);
  await work(store);
  await store.close();
  return path;
}

/** The same on an empty database of PostgreSQL. */
export async function openBenchPostgres(url) {
  const { migrateStore, openStore } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const limits = { maxConnections: 10, timeoutMs: 60_000, commandTimeoutMs: 600_000 };
  const options = { url: { kind: 'postgres', url }, ...limits };
  await migrateStore(options);
  return openStore(options);
}

/** Nothing that waits for anything. */
const NOT_BEHIND = { id: null, isBehind: () => false };

/**
 * Files the tasks from one number to another, a thousand in a transaction.
 * @param {(number: number) => object} changesOf what each has of its own
 * @param {{ id: string | null, isBehind: (number: number) => boolean }} behind a stored task, and which of them wait for it
 * @returns {Promise<string[]>} the id of one task of each transaction
 */
export async function seed(tasks, from, to, changesOf = () => ({}), behind = NOT_BEHIND) {
  const { createDependent, Task } = require(join(DIST, 'libs/domain/src/index.js'));
  const { RandomIds } = require(join(DIST, 'libs/infrastructure/src/index.js'));
  const ids = new RandomIds();
  const some = [];
  for (let first = from; first < to; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, to - first) }, (_, index) => first + index);
    const stored = await tasks.insert(
      (now, _waiting, find) =>
        numbers.map((number) => {
          const draft = { ...draftOf(number), ...changesOf(number) };
          if (!behind.isBehind(number)) return Task.create(draft, ids.taskId(), PEOPLE, now);
          const dependencies = [find(behind.id)];
          return createDependent(draft, { id: ids.taskId(), dependencies, onFailure: 'wait' }, PEOPLE, now);
        }),
      LIVE,
      undefined,
      behind.id === null ? [] : [behind.id],
    );
    some.push(stored[Math.floor(Math.random() * stored.length)].id);
  }
  return some;
}

function draftOf(number) {
  return {
    taskType: 'agent_prompt',
    workDirectory: directoryOf(number),
    kbId: null,
    prompt: `Look at part ${number} and say what is wrong with it.`,
    payload: null,
    priority: [2, 5, 8][number % 3],
    tags: [],
    metadata: null,
    availableAt: null,
    timeoutSeconds: null,
    maxRetries: 3,
    autoRetry: false,
    concurrencyKey: null,
  };
}

let tokens = 0;

/** Claims up to so many tasks in one command. */
export function claim(tasks, filter, limit = 1, lengthMs = 60_000) {
  const decide = (task, now) => {
    const token = `token-${(tokens += 1)}`;
    return task.claim({ token, workerId: 'worker-1', lengthMs }, PEOPLE, now);
  };
  return tasks.claim(filter, limit, decide, LIVE);
}

/** Puts a claimed task back where it was. */
export function release(tasks, { id, state }) {
  const proof = { leaseToken: state.lease.token };
  return tasks.update(id, (task, now) => task.release(null, proof, PEOPLE, now), LIVE);
}

/** Ends claimed tasks as their worker would. */
export function complete(tasks, claimed) {
  const ends = claimed.map(({ id, state }) => {
    const proof = { leaseToken: state.lease.token };
    return tasks.update(id, (task, now) => task.complete(null, proof, PEOPLE, now), LIVE);
  });
  return Promise.all(ends);
}

/** Takes a claimed task out of the queue for good. */
export function cancel(tasks, { id }) {
  return tasks.update(id, (task, now) => task.cancel(null, true, PEOPLE, now), LIVE);
}
